import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { GRAPH_PAGE, RUN_PAGE, VIEW_META } from '../../src/views/index.ts';

const MAX_BYTES = 30_000;

describe.each([
  { title: 'the page of a run', page: RUN_PAGE },
  { title: 'the page of a symbol', page: GRAPH_PAGE },
])('$title', ({ page }) => {
  const script = /<script>([^]*)<\/script>/.exec(page)?.[1] ?? '';
  const style = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? '';
  const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

  it('allows its own script and style, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    expect(policy).toBe(`default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'`);
    expect(VIEW_META.ui.csp).toEqual({ connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] });
  });

  it('loads nothing, parses no markup and runs no text', () => {
    const urls = page.match(/\w+:\/\/[^\s'"<)]*/g) ?? [];
    expect(new Set(urls)).toEqual(new Set(['http://www.w3.org/2000/svg']));
    expect(page.match(/<\/?script/g)).toEqual(['<script', '</script']);
    for (const way of [
      'innerHTML',
      'outerHTML',
      'insertAdjacent',
      'document.write',
      'eval',
      'import',
      'fetch(',
      'url(',
    ]) {
      expect(page).not.toContain(way);
    }
    expect(script).not.toMatch(/new Function|__\w+__/);
  });

  it('is small', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(MAX_BYTES);
  });
});
