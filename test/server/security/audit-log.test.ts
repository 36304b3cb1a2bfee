import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppendLog } from '../../../src/core/append-log.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createAuditLog } from '../../../src/server/mcp/audit-log.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import { failureOf } from '../../support/failure-of.ts';
import { scopedCall } from '../../support/scoped-call.ts';
import { createTestCatalog, NO_SERVICES } from '../../support/test-catalog.ts';
import { testSealer } from '../../support/test-sealer.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const READ = 'lightdom:read';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightdom-audit-'));
  path = join(folder, 'audit.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open() {
  const log = createSilentLog();
  const audit = createAuditLog({ path, maxBytes: 100_000, maxFiles: 3, log });
  const { catalog } = createTestCatalog();
  const services = () => Promise.resolve(NO_SERVICES);
  return createLocalBackend({ sealer: testSealer, catalog, log, audit, services });
}

function lines(): Record<string, unknown>[] {
  const text = readFileSync(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trim()
    .split('\n')
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
}

describe('audit log: principal, client, tool, argument hash, decision, duration, outcome, trace id; append-only', () => {
  test('has a line for each call, with the hash of its arguments whatever the order of their keys', async () => {
    const backend = open();
    const call = scopedCall('https://issuer.example|ada', READ);
    const traced = {
      ...call,
      origin: { transport: 'http', traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01` },
    } as const;
    await backend.callTool('echo', { text: 'my words', times: 2 }, traced);
    await backend.callTool('echo', { times: 2, text: 'my words' }, call);
    const argumentsSha256 = createHash('sha256').update('{"text":"my words","times":2}').digest('hex');
    const expected = {
      principal: 'https://issuer.example|ada',
      client: { name: 'test', version: '1', isSelfReported: true },
      transport: 'http',
      tool: 'echo',
      argumentsSha256,
      decision: 'allowed',
      outcome: 'ok',
    };
    const written = lines();
    expect(written).toMatchObject([{ ...expected, traceId: TRACE_ID }, expected]);
    for (const line of written) {
      const { time, durationMs, traceId, ...rest } = line;
      expect(rest).toEqual(expected);
      expect(String(time)).toMatch(/^\d{4}-\d\d-\d\dT/);
      expect(durationMs).toBeTypeOf('number');
      expect(String(traceId)).toMatch(/^[0-9a-f]{32}$/);
    }
    expect(readFileSync(path, 'utf8')).not.toContain('my words');
  });

  test('says why a call was denied, and how an allowed one failed', async () => {
    const backend = open();
    await failureOf(backend.callTool('refuse', {}, scopedCall('x|ada', READ)));
    await failureOf(backend.callTool('refuse', {}, scopedCall('x|ada', 'lightdom:write')));
    await failureOf(backend.callTool('crash', {}, scopedCall('x|ada', 'lightdom:write')));
    await failureOf(backend.callTool('echo', { text: Array.from({ length: 6_000 }) }, scopedCall('x|ada', READ)));
    await failureOf(backend.readResource('nothing://items/gone?token=abc', scopedCall('x|ada', READ)));
    await backend.readResource('test://items/secret-item', scopedCall('x|ada', READ));
    expect(lines()).toMatchObject([
      { tool: 'refuse', decision: 'denied', deniedBy: 'scope lightdom:write', outcome: 'permission_denied' },
      { tool: 'refuse', decision: 'allowed', outcome: 'conflict' },
      { tool: 'crash', decision: 'allowed', outcome: 'internal' },
      { tool: 'echo', decision: 'denied', deniedBy: 'argument limits', outcome: 'invalid_input' },
      { resource: 'unknown', outcome: 'not_found' },
      { resource: 'item', outcome: 'ok' },
    ]);
    expect(lines()[3]).not.toHaveProperty('argumentsSha256');
    expect(readFileSync(path, 'utf8')).not.toMatch(/secret|token=abc/);
  });

  test('holds neither secrets nor hidden text nor further lines, whatever a client calls itself or a tool', async () => {
    const backend = open();
    const call = scopedCall('x|ada', READ);
    const client = { name: 'evil\n{"principal":"local"}\u202E\u{E0041}', version: 'Bearer abcdefghijklmnop' };
    const named = { ...call, caller: { ...call.caller, client } };
    await failureOf(backend.callTool(`ghp_${'a'.repeat(36)}`, {}, named));
    await failureOf(backend.callTool('x'.repeat(10_000), {}, named));
    expect(lines()).toHaveLength(2);
    const text = readFileSync(path, 'utf8');
    expect(text).not.toMatch(/\u202E|\u{E0041}|ghp_|abcdefghijklmnop/u);
    expect(text.length).toBeLessThan(1_500);
  });

  test('is for its user alone, and is not written through a link', async () => {
    await open().callTool('echo', { text: 'a' }, scopedCall('x|ada', READ));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    rmSync(path);
    const target = join(folder, 'target');
    writeFileSync(target, '');
    symlinkSync(target, path);
    // The call is answered all the same: a record that can't be written is the operator's to mend.
    await open().callTool('echo', { text: 'a' }, scopedCall('x|ada', READ));
    expect(readFileSync(target, 'utf8')).toBe('');
  });
});

test('a file of lines is put aside when it is full, and the oldest ones are deleted', () => {
  const log = new AppendLog({ path, maxBytes: 20, maxFiles: 3 });
  for (let number = 1; number <= 9; number += 1) log.append(`line ${number}`);
  expect(readdirSync(folder).toSorted()).toEqual(['audit.1.jsonl', 'audit.2.jsonl', 'audit.jsonl']);
  expect(readFileSync(path, 'utf8')).toBe('line 9\n');
  expect(readFileSync(join(folder, 'audit.1.jsonl'), 'utf8')).toBe('line 7\nline 8\n');
  expect(readFileSync(join(folder, 'audit.2.jsonl'), 'utf8')).toBe('line 5\nline 6\n');
  log.append('x'.repeat(100));
  expect(readFileSync(path, 'utf8')).toHaveLength(101);
});
