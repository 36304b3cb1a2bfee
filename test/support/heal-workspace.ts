import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A repository with faults, of which the agent can mend some. */
export interface HealWorkspace {
  readonly root: string;
  git(...args: string[]): string;
  write(path: string, text: string): void;
  /** Writes nothing by itself: all that is there is committed. */
  commit(message: string): string;
  remove(): void;
}

/** Where the modules really are: what programs are shut in with is a link to them, not a link to a link. */
const MODULES = realpathSync(fileURLToPath(new URL('../../node_modules', import.meta.url)));

const FILES: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\n',
  'package.json': JSON.stringify({
    name: 'shop',
    version: '1.0.0',
    type: 'module',
    private: true,
    scripts: { test: 'node --test test/' },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      noEmit: true,
      allowJs: true,
      checkJs: true,
      types: [],
    },
    include: ['src'],
  }),
  'eslint.config.js': `export default [{ files: ['src/**/*.js'], rules: { 'prefer-const': 'error' } }];\n`,
  'src/price.js': `/** @param {number} net @param {number} rate */
export function gross(net, rate) {
  let tax = net * rate;
  return net + tax;
}
`,
  'src/cart.js': `import { gross } from './price.js';

/** @param {number[]} prices */
export function cartTotal(prices) {
  return prices.reduce((sum, price) => sum + groos(price, 0.2), 0);
}
`,
  'test/price.test.js': `import test from 'node:test';
import assert from 'node:assert/strict';
import { gross } from '../src/price.js';
test('gross adds the tax', () => assert.equal(gross(100, 0.2), 120));
`,
};

/**
 * A small shop in a git repository of its own, with one fault that eslint mends (`let tax`) and one that the compiler knows the
 * answer to (`groos`). Compiler and linter are the project's own.
 */
export function createHealWorkspace(files: Readonly<Record<string, string>> = FILES): HealWorkspace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-heal-')));
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const commit = (message: string): string => {
    git('add', '-A');
    git('-c', 'user.name=Test', '-c', 'user.email=test@example.com', 'commit', '-qm', message);
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q', '-b', 'main');
  for (const [path, text] of Object.entries(files)) write(path, text);
  symlinkSync(MODULES, join(root, 'node_modules'));
  commit('A shop with two faults');
  return { root, git, write, commit, remove: () => rmSync(root, { recursive: true, force: true }) };
}
