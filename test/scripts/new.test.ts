import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'src',
  'tools',
  'resources',
  'prompts',
  'test',
  'scripts',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  '.oxlintrc.json',
  '.oxfmtrc.json',
];

describe('npm run new', () => {
  let copy = '';

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'lightdom-new-'));
    for (const entry of COPIED) cpSync(join(ROOT, entry), join(copy, entry), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('a new tool, resource, prompt and migration compile, lint and are formatted at once, and stand in their lists', () => {
    expect(runNew(copy, 'tool', 'graph_sample_question')).toMatchObject({ status: 0, stderr: '' });
    expect(runNew(copy, 'resource', 'sample_summary')).toMatchObject({ status: 0, stderr: '' });
    expect(runNew(copy, 'prompt', 'sample_review')).toMatchObject({ status: 0, stderr: '' });
    expect(runNew(copy, 'migration', 'sample_rows')).toMatchObject({ status: 0, stderr: '' });
    const files = [
      'tools/graph/graph-sample-question.ts',
      'test/tools/graph/graph-sample-question.test.ts',
      'tools/index.ts',
      'resources/sample-summary.ts',
      'test/resources/sample-summary.test.ts',
      'resources/index.ts',
      'prompts/sample-review.ts',
      'test/prompts/sample-review.test.ts',
      'prompts/index.ts',
      'src/core/db/migrations/migration-list.ts',
      ...readdirSync(join(copy, 'src/core/db/migrations'))
        .filter((name) => name.endsWith('-sample-rows.ts'))
        .map((name) => `src/core/db/migrations/${name}`),
    ];
    expect(files).toHaveLength(11);
    expect(readFileSync(join(copy, 'tools/graph/graph-sample-question.ts'), 'utf8')).toContain(
      "export const graphSampleQuestion = defineTool({\n  name: 'graph_sample_question',\n  title: 'Graph sample question',",
    );
    expect(readFileSync(join(copy, 'tools/index.ts'), 'utf8')).toMatch(/tools: \[[^\]]*\bgraphSampleQuestion\b/);
    checkAlone(copy, files);
    const { stdout: problems } = run(copy, 'typescript/bin/tsc', '-p', 'tsconfig.json');
    expect(problems.split('\n').filter((line) => files.some((file) => line.startsWith(file)))).toEqual([]);
    expect(run(copy, 'oxlint/bin/oxlint', '--type-aware', '--deny-warnings', ...files)).toMatchObject({ status: 0 });
    expect(run(copy, 'oxfmt/bin/oxfmt', '--check', ...files)).toMatchObject({ status: 0 });
  });

  test.each([
    { kind: 'tool', name: 'GraphFind', expected: 'such as graph_find' },
    { kind: 'tool', name: 'graph', expected: 'at least 2 words' },
    { kind: 'tool', name: 'graph_search', expected: 'tools/graph/graph-search.ts exists already' },
    {
      kind: 'tool',
      name: 'nowhere_find',
      expected: 'there are agent, catalog, changes, findings, git, graph, notes, operations, runs, system',
    },
    { kind: 'planet', name: 'mars', expected: 'no kind "planet"' },
  ])('$kind $name is refused, and nothing is written', ({ kind, name, expected }) => {
    const before = readFileSync(join(copy, 'tools/index.ts'), 'utf8');
    const { status, stderr } = runNew(copy, kind, name);
    expect(status).toBe(2);
    expect(stderr).toContain(expected);
    expect(readFileSync(join(copy, 'tools/index.ts'), 'utf8')).toBe(before);
  });
});

/** The rest of the program is not checked again: only what these files import. */
function checkAlone(folder: string, files: readonly string[]): void {
  const path = join(folder, 'tsconfig.json');
  const { compilerOptions } = z.object({ compilerOptions: z.unknown() }).parse(JSON.parse(readFileSync(path, 'utf8')));
  writeFileSync(path, JSON.stringify({ compilerOptions, files }));
}

function runNew(cwd: string, ...args: readonly string[]): ReturnType<typeof spawnNode> {
  return spawnNode(cwd, [join(cwd, 'scripts/new.js'), ...args]);
}

/** Runs the command line of an installed package. */
function run(cwd: string, bin: string, ...args: readonly string[]): ReturnType<typeof spawnNode> {
  return spawnNode(cwd, [join(ROOT, 'node_modules', bin), ...args]);
}

function spawnNode(cwd: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}
