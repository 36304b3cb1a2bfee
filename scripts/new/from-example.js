import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { camelOf, kebabOf, titleOf } from './spelling.js';

/**
 * @typedef {object} NewFile
 * @property {string} path
 * @property {string} text
 */

/**
 * @param {string} root
 * @param {{ path: string, target: string, rename: (text: string) => string }} copy paths in the repository
 * @returns {NewFile}
 */
export function copyExample(root, { path, target, rename }) {
  return { path: target, text: rename(readFileSync(join(root, path), 'utf8')) };
}

/**
 * Replaces every spelling of a name of several words, and makes a title from the new one.
 * @param {string} from in snake case, as is `to`
 * @param {string} to
 * @returns {(text: string) => string}
 */
export function renameEverywhere(from, to) {
  return (text) =>
    text
      .replaceAll(wordPattern(from), to)
      .replaceAll(wordPattern(camelOf(from)), camelOf(to))
      .replaceAll(wordPattern(kebabOf(from)), kebabOf(to))
      .replace(/^( {2}title: )'[^']*'/m, `$1'${titleOf(to)}'`);
}

/**
 * The name of a resource is a plain word; it is replaced only where it stands as a name.
 * @param {string} from in snake case, as is `to`
 * @param {string} to
 * @returns {(text: string) => string}
 */
export function renameResource(from, to) {
  return (text) =>
    text
      .replaceAll(`lightdom://${from}`, `lightdom://${kebabOf(to)}`)
      .replace(`export const ${camelOf(from)} `, `export const ${camelOf(to)} `)
      .replace(`name: '${from}'`, `name: '${to}'`)
      .replace(/^( {2}title: )'[^']*'/m, `$1'${titleOf(to)}'`);
}

/**
 * Adds an import and one name to the list behind `marker` in an index file.
 * @param {string} root
 * @param {{ path: string, marker: string, name: string, importPath: string }} entry
 * @returns {NewFile}
 */
export function addToList(root, { path, marker, name, importPath }) {
  const text = readFileSync(join(root, path), 'utf8');
  // A list that has grown long stands on lines of its own.
  const pattern = marker.trim().split(/\s+/).map(escaped).join('\\s+');
  const found = new RegExp(`${pattern}\\s*\\[`).exec(text);
  const listStart = found === null ? -1 : found.index + found[0].length - 1;
  const listEnd = text.indexOf(']', listStart);
  if (listStart < 0 || listEnd < 0) {
    throw new Error(`${path} has no list behind "${marker}"; add ${name} by hand, or mend scripts/new/.`);
  }
  const items = text
    .slice(listStart + 1, listEnd)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const list = [...items, name].join(', ');
  const lines = `${text.slice(0, listStart + 1)}${list}${text.slice(listEnd)}`.split('\n');
  const lastImport = lines.findLastIndex((line) => line.startsWith('import '));
  lines.splice(lastImport + 1, 0, `import { ${name} } from '${importPath}';`);
  return { path, text: lines.join('\n') };
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}

/** @param {string} word */
function wordPattern(word) {
  return new RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'g');
}
