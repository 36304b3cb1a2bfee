/** One command of a script of package.json. */
export interface ScriptCommand {
  readonly env: Readonly<Record<string, string>>;
  readonly program: string;
  readonly args: readonly string[];
  /** A shell would put names of files in the place of a word. */
  readonly hasGlob: boolean;
  /** What a shell does before it, as it is written; empty when it stands alone. */
  readonly prefix: string;
}

/** Commands that only start the next one. */
const STARTERS = new Set(['cross-env', 'cross-env-shell', 'npx', 'c8', 'nyc', 'env']);
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
const MAX_HOPS = 3;

/**
 * The last command of a script, where it is plain: words and quotes, after others joined by `&&`. Scripts that start others
 * by `npm run` are followed. Undefined for what needs a shell.
 */
export function lastCommand(
  scripts: Readonly<Record<string, string>>,
  name: string,
  hops = MAX_HOPS,
): ScriptCommand | undefined {
  const script = scripts[name];
  if (script === undefined || hops === 0) return undefined;
  const parts = splitByAnd(script);
  const prefix = parts.slice(0, -1).join(' && ').trim();
  const words = wordsOf(parts.at(-1) ?? '');
  if (words === undefined) return undefined;
  const command = commandOf(words, prefix);
  const other = command === undefined ? undefined : scriptStarted(command);
  if (command === undefined || other === undefined) return command;
  const inner = lastCommand(scripts, other.name, hops - 1);
  if (inner === undefined) return undefined;
  const before = [prefix, inner.prefix].filter((text) => text !== '').join(' && ');
  return { ...inner, env: { ...command.env, ...inner.env }, args: [...inner.args, ...other.args], prefix: before };
}

/** A word as a shell takes it for itself. */
export function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

interface Word {
  readonly text: string;
  readonly hasGlob: boolean;
}

function splitByAnd(script: string): string[] {
  const parts: string[] = [''];
  let quote = '';
  for (let at = 0; at < script.length; at += 1) {
    const sign = script.charAt(at);
    if (quote === '' && script.startsWith('&&', at)) {
      parts.push('');
      at += 1;
      continue;
    }
    if (sign === quote) quote = '';
    else if (quote === '' && (sign === '"' || sign === "'")) quote = sign;
    parts[parts.length - 1] += sign;
  }
  return parts;
}

/** Undefined for signs that mean something to a shell, and for quotes that don't end. */
function wordsOf(text: string): readonly Word[] | undefined {
  const words: Word[] = [];
  const pattern = /\s*((?:[^\s"'\\|&;<>()$`#]|"[^"\\$`]*"|'[^']*')+)/y;
  let at = 0;
  const end = text.trimEnd().length;
  while (at < end) {
    pattern.lastIndex = at;
    const raw = pattern.exec(text)?.[1];
    if (raw === undefined) return undefined;
    words.push({
      text: raw.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
      hasGlob: /[*?[{]/.test(raw.replaceAll(/"[^"]*"|'[^']*'/g, '')),
    });
    at = pattern.lastIndex;
  }
  return words;
}

function commandOf(words: readonly Word[], prefix: string): ScriptCommand | undefined {
  const env: Record<string, string> = {};
  for (const [index, { text }] of words.entries()) {
    const [, name, value = ''] = ASSIGNMENT.exec(text) ?? [];
    if (name !== undefined) env[name] = value;
    else if (!STARTERS.has(text)) {
      const args = words.slice(index + 1);
      return {
        env,
        program: text,
        args: args.map((word) => word.text),
        hasGlob: args.some((word) => word.hasGlob),
        prefix,
      };
    }
  }
  return undefined;
}

/** The script that `npm run x -- args`, `yarn x` or `pnpm test` starts. */
function scriptStarted({
  program,
  args,
}: ScriptCommand): { readonly name: string; readonly args: readonly string[] } | undefined {
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(program)) return undefined;
  const [first = '', ...rest] = args.filter((arg) => arg !== '-s' && arg !== '--silent');
  const [name, ...more] = first === 'run' ? rest : [first === 't' ? 'test' : first, ...rest];
  return name === undefined || name.startsWith('-')
    ? undefined
    : { name, args: more[0] === '--' ? more.slice(1) : more };
}
