import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { DOCS_PAGE, DOCS_SCRIPT, DOCS_STYLE } from './docs-page.ts';

const require = createRequire(import.meta.url);

/** All that the page loads; nothing comes from elsewhere. Read when first asked for. */
const FILES: Readonly<Record<string, { readonly type: string; readonly read: () => string }>> = {
  '/docs': { type: 'text/html; charset=utf-8', read: () => DOCS_PAGE },
  '/docs/page.css': { type: 'text/css; charset=utf-8', read: () => DOCS_STYLE },
  '/docs/page.js': { type: 'text/javascript; charset=utf-8', read: () => DOCS_SCRIPT },
  '/docs/swagger-ui.css': {
    type: 'text/css; charset=utf-8',
    read: () => readFileSync(require.resolve('@fastify/swagger-ui/static/swagger-ui.css'), 'utf8'),
  },
  '/docs/swagger-ui.js': {
    type: 'text/javascript; charset=utf-8',
    read: () => readFileSync(require.resolve('@fastify/swagger-ui/static/swagger-ui-bundle.js'), 'utf8'),
  },
};

/** No script but ours and Swagger UI's, which needs no `eval`; it sets styles by script alone, and draws with `data:` images. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-robots-tag': 'noindex',
  'cache-control': 'no-cache',
};

/**
 * `/docs`: a page that shows the description of the API. A browser has no bearer token when it opens a page, so page and
 * scripts are public, and the same in every installation; the description itself needs the token, which is entered there
 * and kept in the memory of the page alone.
 */
export function docsRoutes(app: FastifyInstance): void {
  for (const [url, { type, read }] of Object.entries(FILES)) {
    let text: string | undefined;
    app.get(url, { config: { isPublic: true } }, (_request, reply): FastifyReply => {
      text ??= read();
      return reply.headers(HEADERS).type(type).send(text);
    });
  }
}
