import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { TYPED_ENGINES } from '../../../src/graph/graph-schema.ts';
import { ask, writeFiles, writeWorkspace } from './workspace-questions.ts';
import type { Files, Questions } from './workspace-questions.ts';

/**
 * What users of code graphs complain of first: an answer that is wrong and does not show it. One repository a case; each
 * answer is right, or says what it does not know. An engine that is killed is in `index-pool.test.ts`, edits that are followed in `followed-edits.test.ts`.
 */

const ESM =
  '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "target": "es2022" } }';
const PACKAGE = '{ "name": "app", "main": "src/main.ts" }';

const roots: string[] = [];

afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true });
});

describe.each(TYPED_ENGINES)('with the engine %s', (engine) => {
  async function workspace(files: Files): Promise<Questions & { readonly root: string }> {
    const root = await writeWorkspace({ 'tsconfig.json': ESM, 'package.json': PACKAGE, ...files });
    roots.push(root);
    return { ...(await ask(root, engine)), root };
  }

  test('callers through a path alias of the tsconfig are there, and their target is not dead', async () => {
    const { callers, dead } = await workspace({
      'tsconfig.json':
        '{ "compilerOptions": { "paths": { "@lib/*": ["./src/lib/*"] }, "module": "esnext", "moduleResolution": "bundler" } }',
      'src/lib/tool.ts': 'export function tool(): void {}\n',
      'src/main.ts': `import { tool } from '@lib/tool';\nexport function main(): void { tool(); }\n`,
    });
    expect(callers('tool')).toEqual(['src/main.ts#main']);
    expect(dead()).toEqual([]);
  });

  test('an alias survives that only the importing file changes', async () => {
    const { root } = await workspace({
      'tsconfig.json':
        '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] }, "module": "esnext", "moduleResolution": "bundler" } }',
      'src/tool.ts': 'export function tool(): void {}\n',
      'src/main.ts': `import { tool } from '~/tool';\nexport function main(): void { tool(); }\n`,
    });
    await writeFiles(root, {
      'src/main.ts': `import { tool } from '~/tool';\nexport function other(): void { tool(); }\n`,
    });
    expect((await ask(root, engine)).callers('tool')).toEqual(['src/main.ts#other']);
  });

  test('barrels are seen through: renamed defaults, `.`, and sub-paths of a workspace package', async () => {
    const { callers } = await workspace({
      'package.json': '{ "name": "root", "workspaces": ["packages/*"] }',
      'packages/lib/package.json': '{ "name": "lib", "exports": { ".": "./src/index.ts", "./deep": "./src/deep.ts" } }',
      'packages/lib/src/index.ts': `export { default as Tool } from './tool';\nexport * from './more';\n`,
      'packages/lib/src/tool.ts': 'export default function tool(): void {}\n',
      'packages/lib/src/more.ts': `import { Tool } from '.';\nexport function more(): void { Tool(); }\n`,
      'packages/lib/src/deep.ts': 'export function deep(): void {}\n',
      'packages/app/package.json': '{ "name": "app", "main": "src/main.ts" }',
      'packages/app/src/main.ts': `import { Tool, more } from 'lib';\nimport { deep } from 'lib/deep';\nexport function main(): void { Tool(); more(); deep(); }\n`,
    });
    expect(callers('packages/lib/src/tool.ts#tool').toSorted()).toEqual([
      'packages/app/src/main.ts#main',
      'packages/lib/src/more.ts#more',
    ]);
    expect(callers('more')).toEqual(['packages/app/src/main.ts#main']);
    expect(callers('deep')).toEqual(['packages/app/src/main.ts#main']);
  });

  test('another name for a function passes its callers and its impact on', async () => {
    const { callers, impact } = await workspace({
      'src/tool.ts': 'export function tool(): void {}\nexport const alias = tool;\n',
      'src/main.ts': `import { alias } from './tool';\nexport function main(): void { alias(); }\n`,
    });
    expect(callers('tool')).toEqual(['src/main.ts#main']);
    expect(impact('tool')).toEqual(expect.arrayContaining(['src/tool.ts#alias', 'src/main.ts#main']));
  });

  test('an unknown name is said to be unknown, never answered for a similar one', async () => {
    const { match } = await workspace({
      'src/main.ts': 'export function readConfig(): void {}\nexport function readConfigs(): void {}\n',
    });
    expect(match('readConfg').match).toBe('none');
    expect(match('readConfg').candidates).toContain('readConfig');
    expect(match('readConfig').match).toBe('one');
  });

  test('a name borne by several is a choice, not a guess', async () => {
    const { match } = await workspace({
      'src/main.ts': 'export class A { run(): void {} }\nexport class B { run(): void {} }\n',
    });
    expect(match('run')).toEqual({ match: 'many', candidates: ['A.run', 'B.run'] });
  });

  test('a method of the library is not the method of the same name here', async () => {
    const { callers, note } = await workspace({
      'src/bag.ts': 'export class Bag { forEach(visit: (item: string) => void): void { visit(""); } map(): void {} }\n',
      'src/main.ts': `export function main(items: readonly string[]): void { items.forEach(() => {}); [1].map(String); }\n`,
    });
    expect(callers('Bag.forEach')).toEqual([]);
    expect(note('Bag.forEach', 'callers')).toContain('file is typed');
  });

  test('references across packages need neither a build nor `references` of tsconfigs', async () => {
    const { callers } = await workspace(UNBUILT_PACKAGES());
    expect(callers('core').toSorted()).toEqual(['a', 'b', 'c'].map((name) => `packages/${name}/src/index.ts#${name}`));
  });

  test('what is called through an interface, given as a value or put into a table is not dead', async () => {
    const { dead, callers } = await workspace({
      'src/main.ts': `import { File } from './file';
import { given, listed, unused } from './values';
interface Store { save(): void }
function run(store: Store, then: () => void): void { store.save(); then(); }
const table = { listed };
export function main(name: 'listed'): void { run(new File(), given); table[name](); }
void unused;
`,
      'src/file.ts': `export class File { save(): void {} lost(): void {} }\n`,
      'src/values.ts':
        'export function given(): void {}\nexport function listed(): void {}\nexport const unused = 1;\nfunction orphan(): void {}\n',
    });
    expect(dead()).toEqual(expect.arrayContaining(['orphan']));
    for (const name of ['given', 'listed', 'File.save']) expect(dead()).not.toContain(name);
    for (const name of dead()) expect(callers(name)).toEqual([]);
  });

  test('an explicit implementation is called where its interface is, and is said to be only possible', async () => {
    const { callers } = await workspace({
      'src/main.ts': `export interface Store { save(): void }
export class File implements Store { save(): void {} }
export function main(store: Store): void { store.save(); }
`,
    });
    expect(callers('Store.save')).toEqual(['src/main.ts#main']);
    expect(callers('File.save')).toEqual(['src/main.ts#main?']);
  });

  test('no callers is explained: what is known of the file, and which names nobody could resolve', async () => {
    const { note } = await workspace({
      'src/main.ts': `import { lost } from 'not-installed';\nexport function lonely(): void { lost.call(); }\n`,
    });
    expect(note('lonely', 'callers')).toMatch(
      /^no callers: file is typed, symbol is exported .*\d+ names in the workspace are unresolved$/,
    );
  });

  test('an ambient module that no tsconfig lists does not hide the real one', async () => {
    const { callers } = await workspace({
      'tsconfig.json':
        '{ "compilerOptions": { "paths": { "core": ["./src/core.ts"] }, "module": "esnext", "moduleResolution": "bundler" }, "include": ["src"] }',
      'types/extra.d.ts': `declare module 'core' { interface Extra {} }\n`,
      'src/core.ts': 'export function core(): void {}\n',
      'src/main.ts': `import { core } from 'core';\nexport function main(): void { core(); }\n`,
    });
    expect(callers('src/core.ts#core')).toEqual(['src/main.ts#main']);
  });

  test('calls from tests, from dynamic imports and from CommonJS count', async () => {
    const { callers } = await workspace({
      'src/tool.ts': 'export function tool(): void {}\n',
      'src/late.ts': `export async function late(): Promise<void> { const { tool } = await import('./tool'); tool(); }\n`,
      'src/tool.test.ts': `import { test } from 'vitest';\nimport { tool } from './tool';\ntest('works', () => { tool(); });\n`,
      'src/old.js': `const { tool } = require('./tool');\nfunction old() { tool(); }\nmodule.exports = { old };\n`,
    });
    expect(callers('tool').toSorted()).toEqual(['src/late.ts#late', 'src/old.js#old', 'src/tool.test.ts#works']);
  });

  test('a file with a syntax error is still known, and says so', async () => {
    const { callers, columns } = await workspace({
      'src/tool.ts': 'export function tool(): void {}\n',
      'src/main.ts': `import { tool } from './tool';\nexport function main(): void { tool(); }\nexport function broken( {\n`,
    });
    expect(callers('tool')).toEqual(['src/main.ts#main']);
    expect(columns.warnings.join()).toContain('src/main.ts (typed): syntax error, line 4');
  });
});

/** Three packages that use a fourth, whose manifest names what a build would make. */
function UNBUILT_PACKAGES(): Files {
  const files: Record<string, string> = {
    'package.json': '{ "name": "root", "workspaces": ["packages/*"] }',
    'packages/core/package.json': '{ "name": "@x/core", "main": "dist/index.js", "types": "dist/index.d.ts" }',
    'packages/core/tsconfig.json':
      '{ "compilerOptions": { "outDir": "dist", "rootDir": "src", "module": "esnext", "moduleResolution": "bundler" }, "include": ["src"] }',
    'packages/core/src/index.ts': 'export function core(): void {}\n',
  };
  for (const name of ['a', 'b', 'c']) {
    files[`packages/${name}/package.json`] = `{ "name": "@x/${name}", "main": "src/index.ts" }`;
    files[`packages/${name}/tsconfig.json`] = ESM;
    files[`packages/${name}/src/index.ts`] =
      `import { core } from '@x/core';\nexport function ${name}(): void { core(); }\n`;
  }
  return files;
}
