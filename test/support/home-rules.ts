import { posix } from 'node:path';
import type { SourceFacts } from './source-facts.ts';

interface HomeRule {
  readonly what: string;
  /** Lines on which the file does it. */
  find(source: SourceFacts): readonly number[];
  isHome(path: string): boolean;
}

const SQL =
  /^(?:select\s[^]*(?:\sfrom\s|\w\()|insert into\s|update \S+ set\s|delete from\s|truncate\s|(?:create|alter|drop) (?:table|unique|index|schema|type|database|extension|role)\b|copy \S+[^]*\s(?:from|to)\s+std|with (?:recursive )?\w+[^]* as (?:materialized )?\()/;

/** What is done in one place only, so that it can be changed, guarded and tested there. */
const HOME_RULES: readonly HomeRule[] = [
  {
    what: 'process.env',
    find: (source) => linesOf(source.accesses, (text) => text === 'process.env'),
    isHome: (path) => path === 'src/core/environment.ts',
  },
  {
    what: 'child processes',
    find: importing('node:child_process', 'child_process', 'execa'),
    isHome: (path) => path.startsWith('src/core/process/'),
  },
  {
    what: 'the Postgres driver',
    find: importing('pg', 'pg-copy-streams', 'pg-pool'),
    isHome: (path) => path.startsWith('src/core/db/'),
  },
  {
    what: 'SQL',
    find: (source) => linesOf(source.strings, isSql),
    isHome: (path) => path.endsWith('-store.ts') || path.startsWith('src/core/db/'),
  },
  { what: 'DBOS', find: importing('@dbos-inc'), isHome: (path) => path.startsWith('src/runs/engine/') },
  {
    what: 'ts-morph',
    find: importing('ts-morph'),
    isHome: (path) => /^src\/(?:graph\/(?:engine|discovery|metrics)|fixers\/(?:typescript|codemods))\//.test(path),
  },
  { what: 'model calls', find: importing('openai'), isHome: (path) => path.startsWith('src/core/llm/') },
  { what: 'the GitHub API', find: importing('@octokit'), isHome: (path) => path.startsWith('src/github/') },
  {
    what: 'console output (stdout belongs to the protocol)',
    find: (source) => linesOf(source.accesses, (text) => text.startsWith('console.')),
    isHome: () => false,
  },
];

export function homeViolations(sources: readonly SourceFacts[]): string[] {
  return HOME_RULES.flatMap((rule) =>
    sources
      .filter((source) => !rule.isHome(source.path))
      .flatMap((source) =>
        rule.find(source).map((line) => `${source.path}:${line}: ${rule.what} has its home elsewhere`),
      ),
  );
}

/** Blank lines are free, as they are for the linter. */
export function lengthViolations(sources: readonly SourceFacts[]): string[] {
  return sources.flatMap((source) => {
    const most = source.path.startsWith('test/') ? 500 : 300;
    return source.lines > most ? [`${source.path}: ${source.lines} lines, at most ${most}; split it by idea`] : [];
  });
}

/** One name, one file: a name in an error, a search or a conversation leads to one place. */
export function basenameViolations(paths: readonly string[]): string[] {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = posix.basename(path);
    if (name !== 'index.ts' && name !== 'toolset.ts') byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  return [...byName].filter(([, same]) => same.length > 1).map(([name, same]) => `${name}: ${same.join(', ')}`);
}

/** Doors and lists hold names, not logic. */
export function doorContentViolations(sources: readonly SourceFacts[]): string[] {
  return sources.flatMap((source) => [
    ...(source.startsWithDocComment ? [] : [`${source.path}: begin with a comment that says what the folder owns`]),
    ...source.ownStatements.map(
      (statement) => `${source.path}:${statement.line}: only \`export { names } from\` belongs here: ${statement.text}`,
    ),
  ]);
}

function importing(...packages: readonly string[]): HomeRule['find'] {
  return (source) =>
    source.imports
      .filter((fact) => packages.some((name) => fact.specifier === name || fact.specifier.startsWith(`${name}/`)))
      .map((fact) => fact.line);
}

function linesOf(facts: SourceFacts['strings'], isFound: (text: string) => boolean): number[] {
  return facts.filter((fact) => isFound(fact.text)).map((fact) => fact.line);
}

/** A statement begins with a verb all in small or all in capital letters; a sentence does not. */
function isSql(text: string): boolean {
  const verb = /^\s*(\w+)/.exec(text)?.[1] ?? '';
  return (verb === verb.toLowerCase() || verb === verb.toUpperCase()) && SQL.test(text.trimStart().toLowerCase());
}
