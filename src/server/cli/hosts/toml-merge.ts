import { AppError } from '../../../core/errors.ts';
import { isList, isTable, SERVER_NAME } from './host.ts';
import type { Setting, Settings } from './host.ts';

/** `[mcp_servers.lightdom]` with its values, then a table for each value that is an object. */
export function renderToml(key: string, entry: Settings): string {
  const plain = Object.entries(entry).filter(([, value]) => !isTable(value));
  const tables = Object.entries(entry).flatMap(([name, value]) =>
    isTable(value) ? [tomlTable(`${key}.${SERVER_NAME}.${name}`, Object.entries(value))] : [],
  );
  return [tomlTable(`${key}.${SERVER_NAME}`, plain), ...tables].join('\n');
}

/** Strings as JSON has them are basic strings of TOML (https://toml.io/en/v1.0.0#string). */
function tomlTable(path: string, values: readonly (readonly [string, Setting])[]): string {
  const lines = values.map(([name, value]) => `${name} = ${tomlValue(value)}`);
  return `[${path}]\n${lines.join('\n')}\n`;
}

function tomlValue(value: Setting): string {
  if (isList(value)) return `[${value.map(tomlValue).join(', ')}]`;
  return JSON.stringify(value);
}

/**
 * The table at the end of a TOML text. It is read only as far as that needs: the text must end outside of a string, and
 * must not say anything of the server yet. Throws `conflict` when it does, and is given back as it is when it says the same.
 */
export function mergeToml(text: string, table: string, { key, file }: { readonly key: string; file: string }): string {
  if (sameText(text).includes(sameText(table))) return text;
  const lines = linesOutsideStrings(text, file);
  const name = `["']?${SERVER_NAME}["']?`;
  const isTaken = lines.some(
    (line) =>
      new RegExp(`^\\[\\s*${key}\\s*\\.\\s*${name}\\s*[.\\]]`).test(line) ||
      new RegExp(`^${key}\\s*(?:=|\\.\\s*${name}\\b)`).test(line),
  );
  const isInTable = hasKeyIn(lines, {
    header: new RegExp(`^\\[\\s*${key}\\s*\\]`),
    entry: new RegExp(`^${name}\\s*[=.]`),
  });
  if (isTaken || isInTable) {
    throw new AppError('conflict', `${file} already says something of ${key}.${SERVER_NAME}.`, {
      hint: 'Compare it with the snippet and change it by hand; nothing was changed.',
    });
  }
  const separator = text.trim() === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return `${text.trim() === '' ? '' : text}${separator}${table}`;
}

function sameText(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

/** Whether an entry stands under a header, before the next header. */
function hasKeyIn(lines: readonly string[], at: { readonly header: RegExp; readonly entry: RegExp }): boolean {
  let isInside = false;
  for (const line of lines) {
    if (line.startsWith('[')) isInside = at.header.test(line);
    else if (isInside && at.entry.test(line)) return true;
  }
  return false;
}

/** The lines that are not inside a string of several lines, without their indentation. */
function linesOutsideStrings(text: string, file: string): string[] {
  const lines: string[] = [];
  let quote: string | undefined;
  for (const line of text.split('\n')) {
    if (quote === undefined) lines.push(line.trim());
    for (const [mark] of withoutPlainStrings(line, quote).matchAll(/"""|'''|#/g)) {
      if (quote === undefined && mark === '#') break;
      if (quote === undefined) quote = mark;
      else if (quote === mark) quote = undefined;
    }
  }
  if (quote === undefined) return lines;
  throw new AppError('invalid_input', `${file} ends within a string that ${quote} begins.`, {
    hint: 'Mend it, or add the snippet by hand; nothing was changed.',
  });
}

/** A `#` or three quotes inside of a string of one line mean nothing. */
function withoutPlainStrings(line: string, quote: string | undefined): string {
  if (quote !== undefined) return line;
  return line.replaceAll(/"""|'''|"(?:[^"\\]|\\.)*"|'[^']*'/g, (found) => (/^("""|''')$/.test(found) ? found : ''));
}
