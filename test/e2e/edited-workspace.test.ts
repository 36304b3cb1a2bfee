import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { TemporaryFolder } from '../support/master-process.ts';
import { openMcpProcess } from '../support/mcp-process.ts';
import type { McpProcess } from '../support/mcp-process.ts';

const answerSchema = z.object({
  objects: z.array(z.object({ name: z.string(), path: z.string() })),
  coverage: z.object({ pending: z.number(), typed: z.number() }),
});

const runSchema = z.object({ run: z.object({ runId: z.string(), status: z.string() }) });

/** Processes with a database each are started and ended. */
const TIMEOUT_MS = 120_000;

const TOOL = 'export function tool(): void {}\n';
const MAIN = "import { tool } from './tool.ts';\nexport function main(): void {\n  tool();\n}\n";

describe('a workspace that is edited while a master answers', { timeout: TIMEOUT_MS }, () => {
  let data: TemporaryFolder;
  let root = '';
  let processes: McpProcess[] = [];

  beforeEach(() => {
    data = temporaryDataDir();
    root = realpathSync(mkdtempSync(join(tmpdir(), 'ld-edits-')));
    processes = [];
    mkdirSync(join(root, 'src'));
    write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "noEmit": true }, "include": ["src"] }');
    write('package.json', '{ "name": "edited", "type": "module" }');
    write('src/tool.ts', TOOL);
    write('src/main.ts', MAIN);
  });

  afterEach(async () => {
    await Promise.all(processes.map((each) => each.close()));
    data.remove();
    rmSync(root, { recursive: true, force: true });
  });

  function write(path: string, text: string): void {
    writeFileSync(join(root, path), text);
  }

  async function openIndexed(...more: readonly string[]): Promise<McpProcess> {
    const mcp = await openMcpProcess(['--data-dir', data.path, '--workspace', root, ...more]);
    processes.push(mcp);
    const { run } = runSchema.parse(await mcp.call('graph_index'));
    const status = async (): Promise<string> =>
      runSchema.parse(await mcp.call('run_get', { runId: run.runId })).run.status;
    await expect.poll(status, { timeout: 60_000 }).toBe('completed');
    return mcp;
  }

  async function callers(mcp: McpProcess): Promise<{ paths: string[]; pending: number; typed: number }> {
    const answer = await mcp.call('graph_trace', { symbol: 'tool', direction: 'callers', objects: true });
    const { objects, coverage } = answerSchema.parse(answer);
    return { paths: objects.map(({ path, name }) => `${path}#${name}`).toSorted(), ...coverage };
  }

  /** Asks until the answer is as wanted and says that nothing is missing in it. */
  async function ask(mcp: McpProcess, wanted: readonly string[]): Promise<void> {
    for (;;) {
      const { paths, pending } = await callers(mcp);
      if (pending === 0 && paths.join() === wanted.join()) return;
      await delay(25);
    }
  }

  it('is answered for as it is by now: edits, new files, files that go', async () => {
    const mcp = await openIndexed();
    await ask(mcp, ['src/main.ts#main']);
    write('src/main.ts', MAIN.replace('main', 'begin'));
    await ask(mcp, ['src/main.ts#begin']);
    write('src/other.ts', MAIN.replace('main', 'other'));
    await ask(mcp, ['src/main.ts#begin', 'src/other.ts#other']);
    rmSync(join(root, 'src/main.ts'));
    await ask(mcp, ['src/other.ts#other']);
    expect(await callers(mcp)).toMatchObject({ typed: 2, pending: 0 });
    // What was followed is stored: a process that starts anew knows it.
    await mcp.close();
    processes = [];
    const where = ['--data-dir', data.path, '--workspace', root];
    const { stdout } = await runLightdom(['call', 'graph_trace', '{"symbol":"tool","direction":"callers"}', ...where]);
    expect(stdout).toContain('src/other.ts');
    expect(stdout).not.toContain('src/main.ts');
  });

  it('stays as it was indexed where edits are not to be followed, and says so', async () => {
    const mcp = await openIndexed('--set', 'graph.watch=false');
    await ask(mcp, ['src/main.ts#main']);
    write('src/main.ts', MAIN.replace('main', 'beginning'));
    await expect
      .poll(() => callers(mcp), { timeout: 20_000 })
      .toMatchObject({ paths: ['src/main.ts#main'], pending: 1 });
  });
});
