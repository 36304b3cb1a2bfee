import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawRequest } from '../../support/raw-request.ts';
import { serveRest } from '../../support/rest-surface.ts';
import type { RestSurface } from '../../support/rest-surface.ts';
import { TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';

let rest: RestSurface;

beforeAll(async () => {
  rest = await serveRest(createTestCatalog().catalog);
});

afterAll(() => rest.close());

const FILES = ['/docs', '/docs/page.css', '/docs/page.js', '/docs/swagger-ui.css', '/docs/swagger-ui.js'];

test('the page and all that it loads come from here, without a token, and tell nothing of this installation', async () => {
  const other = await serveRest({ toolsets: [], resources: [], prompts: [] });
  for (const path of FILES) {
    const answer = await rawRequest(`${rest.server.url}${path}`);
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    expect(answer.headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(answer.headers['content-security-policy']).not.toContain('unsafe');
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(answer.body).not.toContain(TOKEN);
    const same = await rawRequest(`${other.server.url}${path}`);
    expect(hash(same.body)).toBe(hash(answer.body));
  }
  await other.close();
});

test('the page loads what is served, and nothing from elsewhere', async () => {
  const { body } = await rawRequest(`${rest.server.url}/docs`);
  // The icon, which browsers ask for otherwise, is written into the page.
  const addresses = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
  const loaded = addresses.filter((address) => address !== 'data:,').map((address) => `/${address}`);
  expect(loaded.toSorted()).toEqual(FILES.slice(1).toSorted());
  expect(body).not.toMatch(/<script>|<style>| on\w+=| style=/);
});

test('what is behind it needs the token', async () => {
  const refused = await rawRequest(`${rest.server.url}/api/openapi.json`);
  expect(refused.status).toBe(401);
  expect((await rest.get('/api/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
  for (const path of ['/docs/', '/docs/../package.json', '/docs/index.html'])
    expect((await rawRequest(`${rest.server.url}${path}`)).status).toBe(401);
});

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
