import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ESLINT, lintFindings } from '../../src/findings/sources/lint-findings.ts';
import { createRepository } from '../git/git-repository.ts';
import type { GitRepository } from '../git/git-repository.ts';

/** What stands in for the workspace's own eslint: it writes what it is told to. */
function eslintThat(says: string): Record<string, string> {
  return {
    'eslint.config.js': 'export default [];\n',
    'node_modules/eslint/package.json': '{ "version": "9.1.0", "bin": { "eslint": "./bin/eslint.js" } }',
    'node_modules/eslint/bin/eslint.js': says,
  };
}

describe('lint findings', () => {
  let repository: GitRepository;
  const ask = () => lintFindings(ESLINT, { root: repository.root, signal: new AbortController().signal });

  beforeEach(() => {
    repository = createRepository();
  });
  afterEach(() => repository.remove());

  test('of eslint are its messages, errors graver than warnings', async () => {
    repository.write(
      eslintThat(`const messages = [
        { ruleId: 'no-undef', severity: 2, message: "'x' is not defined.", line: 3, column: 1 },
        { ruleId: 'semi', severity: 1, message: 'Missing semicolon.', line: 4 },
        { ruleId: null, fatal: true, severity: 2, message: 'Parsing error', line: 5 },
      ];
      const clean = { filePath: process.cwd() + '/src/b.js', messages: [] };
      console.log(JSON.stringify([{ filePath: process.cwd() + '/src/a.js', messages }, clean]));
      process.exitCode = 1;`),
    );
    expect(await ask()).toMatchObject({
      state: 'complete',
      notes: ['eslint 9.1.0'],
      found: [
        { rule: 'eslint/no-undef', severity: 'medium', category: 'bug', path: 'src/a.js', line: 3 },
        { rule: 'eslint/semi', severity: 'low', category: 'style', line: 4 },
        { rule: 'eslint/syntax', severity: 'medium', line: 5 },
      ],
    });
  });

  test.each([
    ["console.error('Cannot find plugin x'); process.exitCode = 2;", 'Cannot find plugin x'],
    ["console.log('[{]');", '[{]'],
    ['process.exitCode = 3;', 'exit code 3'],
  ])('say why there are none when it fails: %s', async (says, reason) => {
    repository.write(eslintThat(says));
    const report = await ask();
    expect(report).toMatchObject({ state: 'not_run', found: [] });
    expect(report.notes[0]).toContain(reason);
  });

  test('are those of a package.json that configures it, too', async () => {
    repository.write({ 'package.json': '{ "eslintConfig": {} }' });
    expect((await ask()).notes).toEqual(['configured, but eslint is not installed in the workspace']);
    repository.write({ 'package.json': '{ "name": "w" }' });
    expect((await ask()).notes).toEqual(['not configured: the workspace has no configuration of eslint']);
  });
});
