import { ts } from 'ts-morph';

/** @typedef {import('./fault-classes.js').Replacement} Replacement */

/**
 * Commits seldom change one thing alone: a variable of another function gets a longer name, everywhere, in the same one.
 * @param {ts.SourceFile} file
 * @param {Replacement} fault
 * @param {() => number} random
 * @returns {{ faulty: string, meant: string } | undefined} undefined where there is no such variable
 */
export function withNoise(file, fault, random) {
  const names = renamable(file, fault);
  const name = names[Math.floor(random() * names.length)];
  if (name === undefined) return undefined;
  const uses = identifiersOf(file).filter((node) => node.text === name);
  const renames = uses.map((node) => ({
    start: node.getStart(file),
    end: node.end,
    text: renamed(node, `${name}Now`),
  }));
  const meant = replaceAll(file.text, renames);
  return { meant, faulty: replaceAll(file.text, [...renames, fault]) };
}

/**
 * Locals whose name stands nowhere else in the file, and not near the fault.
 * @param {ts.SourceFile} file
 * @param {Replacement} fault
 */
function renamable(file, fault) {
  const all = identifiersOf(file);
  /** @type {string[]} */
  const names = [];
  for (const node of all) {
    const { parent } = node;
    if (!ts.isVariableDeclaration(parent) || parent.name !== node) continue;
    const owner = ts.findAncestor(node, ts.isBlock);
    const same = all.filter(({ text }) => text === node.text);
    const isInside = owner !== undefined && same.every((use) => use.pos >= owner.pos && use.end <= owner.end);
    const isFree = owner !== undefined && (owner.end < fault.start || owner.pos > fault.end);
    const isName = same.every(
      ({ parent: user }) =>
        !ts.isPropertyAssignment(user) && !(ts.isPropertyAccessExpression(user) && user.name.text === node.text),
    );
    if (isInside && isFree && isName && same.length > 1) names.push(node.text);
  }
  return names;
}

/**
 * @param {ts.Identifier} node
 * @param {string} name
 */
function renamed(node, name) {
  return ts.isShorthandPropertyAssignment(node.parent) ? `${node.text}: ${name}` : name;
}

/**
 * @param {string} text
 * @param {readonly Replacement[]} replacements
 */
function replaceAll(text, replacements) {
  let result = text;
  for (const { start, end, text: fresh } of replacements.toSorted((one, two) => two.start - one.start)) {
    result = result.slice(0, start) + fresh + result.slice(end);
  }
  return result;
}

/** @param {ts.SourceFile} file */
function identifiersOf(file) {
  /** @type {ts.Identifier[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isIdentifier(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
