import { typedBy } from './package-names.ts';

const SHORTENED =
  /^(?:(@[^/]+)\/)?(?:eslint-(?:plugin|config|import-resolver)|babel-(?:plugin|preset)|prettier-plugin|stylelint-config)-?(.*)$/;
const SHORT_SCOPED = /^@babel\/(?:plugin|preset)-(.+)$/;

/** Whether one of the commands is a word of scripts: `tsc -p .`, `npx tsc`, `node_modules/.bin/tsc`. */
export function runsCommand(scripts: string, commands: readonly string[]): boolean {
  return commands.some((command) => wordIn(scripts, command));
}

/** Whether a configuration names a package in quotes, as an item of a list, or by the short form of its family. */
export function mentions(configuration: string, name: string): boolean {
  return [name, ...shortFormsOf(name)].some((form) => {
    const escaped = escapeOf(form);
    return new RegExp(`["'\`]${escaped}(?:/[^"'\`]*)?["'\`]|^\\s*-\\s+${escaped}\\s*$`, 'm').test(configuration);
  });
}

function shortFormsOf(name: string): string[] {
  const types = typedBy(name);
  if (types !== undefined) return [types];
  const babel = SHORT_SCOPED.exec(name)?.[1];
  if (babel !== undefined) return [`@babel/${babel}`];
  const [, scope, rest = ''] = SHORTENED.exec(name) ?? [];
  const short = [scope, rest].filter((part) => part !== undefined && part !== '').join('/');
  return short === '' ? [] : [short];
}

function wordIn(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w@-])${escapeOf(word)}(?![\\w-])`).test(text);
}

function escapeOf(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
