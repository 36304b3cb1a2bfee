import type { ts } from 'ts-morph';
import { applyEdits } from '../text-edits.ts';
import { compiler } from './syntax-tree.ts';

const FIELDS: ReadonlySet<string> = new Set(['dependencies', 'devDependencies', 'optionalDependencies']);

/** A package.json without a dependency, all else as it stands; undefined where it does not declare it. */
export function cutDependency(text: string, name: string): string | undefined {
  const ts = compiler();
  const file = ts.parseJsonText('package.json', text);
  const [statement] = file.statements;
  if (statement === undefined || !ts.isObjectLiteralExpression(statement.expression)) return undefined;
  const edits = statement.expression.properties.flatMap((field) => {
    if (
      !ts.isPropertyAssignment(field) ||
      !FIELDS.has(keyOf(field)) ||
      !ts.isObjectLiteralExpression(field.initializer)
    ) {
      return [];
    }
    const { properties } = field.initializer;
    const at = properties.findIndex((one) => keyOf(one) === name);
    const one = properties[at];
    if (one === undefined) return [];
    const next = properties[at + 1];
    const before = properties[at - 1];
    if (next !== undefined) return [{ start: one.getStart(file), end: next.getStart(file), text: '' }];
    if (before !== undefined) return [{ start: before.end, end: one.end, text: '' }];
    // The last one of all: an empty object on one line.
    return [{ start: field.initializer.getStart(file), end: field.initializer.end, text: '{}' }];
  });
  const changed = applyEdits(text, edits);
  return edits.length === 0 || !isJson(changed) ? undefined : changed;
}

function keyOf(property: ts.ObjectLiteralElementLike): string {
  const { name } = property;
  return name !== undefined && compiler().isStringLiteral(name) ? name.text : '';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
