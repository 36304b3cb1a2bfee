import { createHash } from 'node:crypto';
import type { PageAnswer, PageQuestion } from '../../secrets/index.ts';

const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; padding: 32px 16px; background: light-dark(#f4f5f7, #17181a); color: light-dark(#1f2328, #e6e6e6);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 560px; margin: 0 auto; padding: 28px; border: 1px solid light-dark(#d5d9de, #44474c); border-radius: 12px;
  background: light-dark(#ffffff, #1f2023); }
h1 { margin: 0 0 12px; font-size: 22px; line-height: 1.3; }
p { margin: 12px 0; overflow-wrap: anywhere; }
code { padding: 1px 5px; border-radius: 4px; background: light-dark(#eceef1, #2d2f33); font: 14px ui-monospace, monospace; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 16px; margin: 16px 0; }
dt { color: light-dark(#59636e, #a0a6ad); }
dd { margin: 0; overflow-wrap: anywhere; }
label { display: block; margin: 20px 0 6px; font-weight: 600; }
input { width: 100%; padding: 10px 12px; border: 1px solid light-dark(#6e7781, #8b949e); border-radius: 6px;
  background: light-dark(#ffffff, #17181a); color: inherit; font: 15px ui-monospace, monospace; }
button { margin-top: 16px; padding: 10px 20px; border: 0; border-radius: 6px; background: light-dark(#0b57c2, #6cb2ff);
  color: light-dark(#ffffff, #10233a); font: inherit; font-weight: 600; cursor: pointer; }
input:focus-visible, button:focus-visible { outline: 3px solid light-dark(#0b57c2, #6cb2ff); outline-offset: 2px; }
.quiet { color: light-dark(#59636e, #a0a6ad); font-size: 14px; }
.bad { padding: 10px 12px; border-left: 4px solid light-dark(#c0262d, #ff8a86); background: light-dark(#fdeeee, #3a2324); }
@media (max-width: 480px) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; } }
`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/**
 * The page loads nothing, runs nothing, stands in no frame and is kept nowhere. Its address is told to nobody else; to this
 * server it must be: under `no-referrer` browsers send the form with `Origin: null`, which could be anybody's.
 */
export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-robots-tag': 'noindex',
};

/** Asks for the secret; `problem` says why the last answer was not taken. */
export function questionPage({ key, description, client, path }: PageQuestion, problem?: string): string {
  return pageOf(`${problem === undefined ? '' : 'Not stored: '}${key}`, [
    '<h1>LightDom asks for a secret</h1>',
    ...(problem === undefined ? [] : [`<p class="bad" role="alert" id="problem">${escaped(problem)}</p>`]),
    '<dl>',
    `<dt>Key</dt><dd><code>${escaped(key)}</code></dd>`,
    `<dt>What it is for</dt><dd>${escaped(description)}</dd>`,
    `<dt>Asked for by</dt><dd>${escaped(client)} <span class="quiet">(as it names itself)</span></dd>`,
    `<dt>Stored in</dt><dd><code>${escaped(path)}</code></dd>`,
    '</dl>',
    '<form method="post" autocomplete="off">',
    `<label for="value">Value of ${escaped(key)}</label>`,
    `<input id="value" name="value" type="password" required autofocus autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="${problem === undefined ? '' : 'problem '}note">`,
    '<button type="submit">Store it</button>',
    '</form>',
    '<p class="quiet" id="note">It goes to LightDom on this machine and to nobody else: neither the client nor its model sees it. If you did not expect this page, close it; nothing is stored then.</p>',
  ]);
}

export function storedPage({ key, path, takesEffect }: PageAnswer): string {
  return pageOf(`Stored: ${key}`, [
    '<h1>Stored</h1>',
    `<p role="status"><code>${escaped(key)}</code> is in <code>${escaped(path)}</code>. LightDom uses it ${escaped(takesEffect)}.</p>`,
    '<p>You can close this page.</p>',
  ]);
}

/** One page for whatever can't be answered. */
export function problemPage(title: string, text: string): string {
  return pageOf(title, [`<h1>${escaped(title)}</h1>`, `<p role="alert">${escaped(text)}</p>`]);
}

/** For every ticket that opens nothing, whatever it is or was. */
export const GONE_PAGE = problemPage(
  'There is nothing here',
  'This page was used, has expired, or never was. Have the client ask again, or run `lightdom secret set` in a terminal.',
);

function pageOf(title: string, body: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)} – LightDom</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
