import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { addToList, copyExample, renameEverywhere, renameResource } from './from-example.js';
import { camelOf, checkName, kebabOf } from './spelling.js';

/**
 * @typedef {object} Plan
 * @property {readonly import('./from-example.js').NewFile[]} created
 * @property {readonly import('./from-example.js').NewFile[]} changed
 * @property {readonly string[]} next what is left for a person to do
 */

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} exampleName
 * @property {(root: string, name: string) => Plan} plan writes nothing
 */

/** @type {readonly Kind[]} */
export const KINDS = [
  { name: 'tool', exampleName: 'graph_find_cycles', plan: planTool },
  { name: 'resource', exampleName: 'graph_summary', plan: planResource },
  { name: 'prompt', exampleName: 'review_change', plan: planPrompt },
  { name: 'migration', exampleName: 'campaigns', plan: planMigration },
];

/** @type {Kind['plan']} */
function planTool(root, name) {
  checkName(name, { words: 2, example: 'graph_find_cycles' });
  const toolset = toolsetOf(root, name);
  const rename = renameEverywhere('graph_search', name);
  const file = kebabOf(name);
  return {
    created: [
      copyExample(root, { rename, path: 'tools/graph/graph-search.ts', target: `tools/${toolset}/${file}.ts` }),
      copyExample(root, {
        rename,
        path: 'test/tools/graph/graph-search.test.ts',
        target: `test/tools/${toolset}/${file}.test.ts`,
      }),
    ],
    changed: [
      addToList(root, {
        path: 'tools/index.ts',
        marker: `toolset: ${camelOf(toolset.replaceAll('-', '_'))}Toolset, tools: `,
        name: camelOf(name),
        importPath: `./${toolset}/${file}.ts`,
      }),
    ],
    next: [
      `Make tools/${toolset}/${file}.ts yours: it does what graph_search does. Description, effect, input, output, run.`,
      `Say in test/tools/${toolset}/${file}.test.ts what it does: one happy path, one expected error.`,
      'npm run gen, and read what it changed: docs/tools.md and the pin in test/pins/ are what agents will see.',
      'npm run check',
    ],
  };
}

/** @type {Kind['plan']} */
function planResource(root, name) {
  checkName(name, { words: 1, example: 'graph_summary' });
  const rename = renameResource('status', name);
  return planListed(root, { name, rename, folder: 'resources', example: 'status' });
}

/** @type {Kind['plan']} */
function planPrompt(root, name) {
  checkName(name, { words: 2, example: 'review_change' });
  const rename = renameEverywhere('explore_codebase', name);
  return planListed(root, { name, rename, folder: 'prompts', example: 'explore-codebase' });
}

/** @type {Kind['plan']} */
function planMigration(root, name) {
  checkName(name, { words: 1, example: 'campaigns' });
  const folder = 'src/core/db/migrations';
  const numbers = readdirSync(join(root, folder)).map((file) => Number.parseInt(file, 10));
  const version = Math.max(0, ...numbers.filter((number) => !Number.isNaN(number))) + 1;
  const file = `${String(version).padStart(4, '0')}-${kebabOf(name)}.ts`;
  const exported = `${camelOf(name)}Migration`;
  const text = `/** What the new tables hold, and who owns them. */
export const ${exported} = {
  version: ${version},
  name: '${name}',
  sql: \`
    create table lightdom.${name} (
      ${name}_id text primary key,
      created_at timestamptz not null default clock_timestamp()
    );
  \`,
};
`;
  return {
    created: [{ path: `${folder}/${file}`, text }],
    changed: [
      addToList(root, {
        path: `${folder}/migration-list.ts`,
        marker: 'MIGRATIONS: readonly Migration[] = ',
        name: exported,
        importPath: `./${file}`,
      }),
    ],
    next: [
      `Write the tables into ${folder}/${file}. A migration that has left this machine is never changed again.`,
      'Add a method for each question to the *-store.ts that owns the tables, and its test.',
      'npm run check',
    ],
  };
}

/**
 * @param {string} root
 * @param {{ name: string, rename: (text: string) => string, folder: string, example: string }} options
 * @returns {Plan}
 */
function planListed(root, { name, rename, folder, example }) {
  const file = kebabOf(name);
  return {
    created: [
      copyExample(root, { rename, path: `${folder}/${example}.ts`, target: `${folder}/${file}.ts` }),
      copyExample(root, {
        rename: (text) => rename(text).replaceAll(`${folder}/${example}.ts`, `${folder}/${file}.ts`),
        path: `test/${folder}/${example}.test.ts`,
        target: `test/${folder}/${file}.test.ts`,
      }),
    ],
    changed: [
      addToList(root, {
        path: `${folder}/index.ts`,
        marker: `Catalog['${folder}'] = `,
        name: camelOf(name),
        importPath: `./${file}.ts`,
      }),
    ],
    next: [
      `Make ${folder}/${file}.ts and test/${folder}/${file}.test.ts yours: they are copies of ${example}.`,
      'npm run gen, and commit docs/tools.md.',
      'npm run check',
    ],
  };
}

/**
 * The toolset whose tools begin with the same word as the name.
 * @param {string} root
 * @param {string} name
 */
function toolsetOf(root, name) {
  const prefix = name.slice(0, name.indexOf('_'));
  const toolsets = readdirSync(join(root, 'tools'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({ id: entry.name, files: readdirSync(join(root, 'tools', entry.name)) }));
  // Tools of one word may be in several toolsets, as those of runs are: the one that is named after it goes first.
  const found =
    toolsets.find(({ id }) => id === prefix || id === `${prefix}s`) ??
    toolsets.find(({ files }) => files.some((file) => file.startsWith(`${prefix}-`)));
  if (found !== undefined) return found.id;
  throw new Error(
    `No toolset has tools that begin with "${prefix}_"; there are ${toolsets.map(({ id }) => id).join(', ')}. ` +
      `For a new one write tools/${prefix}/toolset.ts, and add { toolset: ${prefix}Toolset, tools: [] } to tools/index.ts.`,
  );
}
