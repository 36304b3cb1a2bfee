import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../../core/errors.ts';
import { isList, isTable } from './host.ts';
import type { Setting, Settings } from './host.ts';
import { readJsonTree } from './json-tree.ts';
import type { JsonMember, JsonNode, JsonSource } from './json-tree.ts';

export interface MergeOptions extends JsonSource {
  /** Whether an entry that is there and differs is replaced; else that is an error. */
  readonly replace: boolean;
}

/**
 * Writes the members of `snippet` into a JSON text, and touches nothing else of it: comments, order and layout stay. Of
 * a member that is an object its own members are written; of one that is a list, the elements whose `id` is not there.
 * Throws `conflict` when something else stands where a member must go.
 */
export function mergeJson(text: string, snippet: Settings, options: MergeOptions): string {
  let merged = text.trim() === '' ? '{}\n' : text;
  for (const [key, content] of Object.entries(snippet)) {
    const root = objectAt(readJsonTree(merged, options), 'The whole', options.file);
    const found = memberOf(root, key);
    if (found === undefined) merged = insert(merged, root, { key, value: content });
    else if (isList(content)) merged = appendNew(merged, [key, content], options);
    else if (isTable(content)) merged = setMembers(merged, [key, content], options);
  }
  return merged;
}

function setMembers(text: string, [key, content]: readonly [string, Settings], options: MergeOptions): string {
  let merged = text;
  for (const [name, value] of Object.entries(content)) {
    const node = memberOf(readJsonTree(merged, options), key)?.node;
    const container = objectAt(node, `"${key}"`, options.file);
    const found = memberOf(container, name);
    if (found === undefined) merged = insert(merged, container, { key: name, value });
    else if (!isDeepStrictEqual(found.node.value, value)) merged = replaced(merged, found, { name, value, options });
  }
  return merged;
}

function appendNew(
  text: string,
  [key, elements]: readonly [string, readonly Setting[]],
  options: MergeOptions,
): string {
  let merged = text;
  for (const element of elements) {
    const node = memberOf(readJsonTree(merged, options), key)?.node;
    if (!Array.isArray(node?.value)) throw inTheWay(`"${key}"`, 'a list', options.file);
    if (node.value.some((other) => idOf(other) === idOf(element))) continue;
    merged = insert(merged, node, { key: undefined, value: element });
  }
  return merged;
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}

function replaced(
  text: string,
  member: JsonMember,
  { name, value, options }: { readonly name: string; readonly value: Setting; readonly options: MergeOptions },
): string {
  if (!options.replace) {
    throw new AppError('conflict', `${options.file} already has another entry "${name}".`, {
      hint: 'Compare it with the snippet; --force puts the snippet in its place.',
    });
  }
  const lines = render(value, { text, indent: indentAt(text, member.start) });
  return text.slice(0, member.node.start) + lines + text.slice(member.node.end);
}

interface NewMember {
  readonly key: string | undefined;
  readonly value: Setting;
}

/** Behind the last member and the comments that follow it, on a line of its own. */
function insert(text: string, container: JsonNode, { key, value }: NewMember): string {
  const { members = [], hasLastComma = false } = container;
  const eol = eolOf(text);
  const close = container.end - 1;
  const outer = indentAt(text, container.start);
  const first = members[0];
  const inner =
    first !== undefined && startsLine(text, first.start) ? indentAt(text, first.start) : outer + unitOf(text);
  const contentEnd = text.slice(0, close).trimEnd().length;
  const isClosedOnOwnLine = text.slice(contentEnd, close).includes('\n');
  const tail = isClosedOnOwnLine ? text.slice(contentEnd) : `${eol}${outer}${text.slice(close)}`;
  const comma = members.length > 0 && !hasLastComma ? ',' : '';
  const lastEnd = members.at(-1)?.node.end ?? contentEnd;
  const name = key === undefined ? '' : `${JSON.stringify(key)}: `;
  const added = `${eol}${inner}${name}${render(value, { text, indent: inner })}`;
  return text.slice(0, lastEnd) + comma + text.slice(lastEnd, contentEnd) + added + tail;
}

function render(value: Setting, { text, indent }: { readonly text: string; readonly indent: string }): string {
  return JSON.stringify(value, null, unitOf(text)).replaceAll('\n', `${eolOf(text)}${indent}`);
}

function objectAt(node: JsonNode | undefined, what: string, file: string): JsonNode {
  if (node?.members === undefined || Array.isArray(node.value)) throw inTheWay(what, 'an object', file);
  return node;
}

function inTheWay(what: string, expected: string, file: string): AppError {
  return new AppError('conflict', `${what} of ${file} is not ${expected}.`, {
    hint: 'Mend it, or add the snippet by hand; nothing was changed.',
  });
}

/** The last of a name wins, as it does for who reads the file. */
function memberOf(node: JsonNode, key: string): JsonMember | undefined {
  return node.members?.findLast((member) => member.key === key);
}

function indentAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}

function startsLine(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

/** One step of indentation, as the first indented line has it. */
function unitOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
