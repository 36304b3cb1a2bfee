import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAppClient } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';

/** One good function beside everything that can be wrong with a repository. */
function writeBadRepository(root: string): void {
  mkdirSync(join(root, 'src'));
  mkdirSync(join(root, 'broken'));
  writeFileSync(
    join(root, 'src/good.ts'),
    'export function good(): number {\n  return helper();\n}\nfunction helper(): number {\n  return 1;\n}\n',
  );
  writeFileSync(join(root, 'src/half.ts'), "import { good } from './good.js';\nexport function half() { good(; \n");
  writeFileSync(join(root, 'src/binary.ts'), Buffer.from([0x89, 0x50, 0, 0, 1, 2, 3, 0]));
  writeFileSync(join(root, 'src/generated.ts'), `export const table = [\n${'  1234567890,\n'.repeat(400_000)}];\n`);
  writeFileSync(join(root, 'broken/tsconfig.json'), '{ "compilerOptions": { "strict": tru');
  writeFileSync(join(root, 'broken/inside.ts'), 'export const inside = 1;\n');
  writeFileSync(join(root, 'tsconfig.json'), '{ "include": ["src"] }');
  symlinkSync(root, join(root, 'src/loop'));
  symlinkSync('/nowhere/at/all.ts', join(root, 'src/dangling.ts'));
}

describe('a workspace full of bad input', () => {
  let root = '';
  let app: AppClient | undefined;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lightdom-bad-'));
  });

  afterEach(async () => {
    await app?.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('is indexed all the same, and each bad thing is named', async () => {
    writeBadRepository(root);
    app = await openAppClient({ workspace: root });
    const { runs } = await app.services.runs.list({ limit: 1 });
    const report = JSON.stringify(runs[0]);
    expect(runs[0]).toMatchObject({ status: 'completed' });
    expect(report).toContain('broken/tsconfig.json');
    expect(report).toContain('src/binary.ts');
    expect(report).toContain('src/generated.ts');
    const callers = await app.call('graph_trace', { symbol: 'good', direction: 'callers' });
    expect(callers.text).toContain('half');
    const helper = await app.call('graph_trace', { symbol: 'helper', direction: 'callers' });
    expect(helper.text).toContain('src/good.ts good:1');
    expect((await app.call('graph_symbol', { symbol: 'inside' })).text).toContain('broken/inside.ts');
  });

  it('says that an empty folder holds nothing to index', async () => {
    app = await openAppClient({ workspace: root });
    const { runs } = await app.services.runs.list({ limit: 1 });
    expect(runs[0]).toMatchObject({ status: 'completed', result: { files: 0 } });
    expect(JSON.stringify(runs[0]?.result)).toMatch(/no .*source files/i);
  });
});
