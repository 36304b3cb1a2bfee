import { AppError } from '../../core/errors.ts';
import type { GraphView } from '../query/graph-view.ts';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*$/u;
const PRIVATE = /^#[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*$/u;

/** ECMAScript 2025, section 12.7.2, strict mode included. Members may be called like that. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);
/** What TypeScript keeps for itself as names of types. */
const TYPE_NAMES = new Set(
  'any bigint boolean never null number object string symbol undefined unknown void'.split(' '),
);

const MEMBERS = new Set(['method', 'accessor', 'property']);
const TYPES = new Set(['class', 'interface', 'enum', 'type']);
const RENAMEABLE = new Set([...MEMBERS, ...TYPES, 'namespace', 'function', 'variable', 'component']);

export function isMember(view: GraphView, row: number): boolean {
  return MEMBERS.has(view.kindOf(row));
}

export function isIdentifierPart(char: string | undefined): boolean {
  return char !== undefined && /[\p{ID_Continue}$\u200C\u200D]/u.test(char);
}

/** Throws `invalid_input` for what can't be renamed, and for a name that it can't have. */
export function checkNewName(view: GraphView, row: number, newName: string): void {
  const kind = view.kindOf(row);
  const name = view.nameOf(row);
  const isPrivate = name.startsWith('#');
  if (!RENAMEABLE.has(kind) || name === 'default' || !(IDENTIFIER.test(name) || PRIVATE.test(name))) {
    throw new AppError('invalid_input', `A ${kind} named \`${name}\` has no identifier that could be renamed.`, {
      hint: kind === 'constructor' ? 'Rename its class.' : 'Name a class, function, type, variable or member.',
    });
  }
  const problem = problemOf(newName, { name, kind, isMember: MEMBERS.has(kind), isPrivate });
  if (problem === undefined) return;
  throw new AppError('invalid_input', `\`${newName}\` can't be the new name of ${kind} \`${name}\`: ${problem}.`, {
    hint: 'Give another `newName`.',
  });
}

function problemOf(
  newName: string,
  old: { readonly name: string; readonly kind: string; readonly isMember: boolean; readonly isPrivate: boolean },
): string | undefined {
  if (newName === old.name) return 'it is its name already';
  if (old.isPrivate !== newName.startsWith('#')) return 'a `#` at its begin makes a member private, which is no rename';
  if (!(old.isPrivate ? PRIVATE : IDENTIFIER).test(newName)) return 'it is no identifier';
  if (old.isMember) return /^#?constructor$/.test(newName) ? 'it means the constructor' : undefined;
  if (RESERVED.has(newName)) return 'it is a reserved word';
  if (old.kind === 'component' && /^\p{Ll}/u.test(newName)) return 'tags with a small first letter are no components';
  return TYPES.has(old.kind) && TYPE_NAMES.has(newName) ? 'it is a type of the language' : undefined;
}
