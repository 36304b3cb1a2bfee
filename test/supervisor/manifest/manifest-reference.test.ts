import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { manifestSchema } from '../../../src/supervisor/manifest/manifest-schema.ts';
import { parseManifest } from '../../../src/supervisor/supervisor-runtime.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/services.md', import.meta.url)), 'utf8');

test('the page about services names every key of a manifest', () => {
  const keys = new Set(keysIn(z.toJSONSchema(manifestSchema, { io: 'input', unrepresentable: 'any' })));
  expect(keys.size).toBeGreaterThan(40);
  expect([...keys].filter((key) => !new RegExp(`[\`.{ ,]${key}[\`: ,.}]`).test(PAGE))).toEqual([]);
});

test('its example is a manifest', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(PAGE) ?? [];
  expect(Object.keys(parseManifest(example, 'docs/services.md').manifest.services)).toEqual(['migrate', 'web']);
});

/** Names of fields, at any depth. */
function keysIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const fields = 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
  return fields.concat(Object.values(schema).flatMap((inner) => keysIn(inner)));
}
