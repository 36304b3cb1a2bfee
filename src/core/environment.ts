import process from 'node:process';

/** Variables as the operating system hands them over. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a child needs to find programs, its user, its language and temporary files: nothing that can be a secret. */
const CHILD_VARIABLES = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'SystemRoot',
  'ComSpec',
  'PATHEXT',
] as const;

/** A copy of this process's environment; the only place that reads it. */
export function readEnvironment(): Environment {
  return { ...process.env };
}

/** Sets variables of this thread, for the children that a library of it starts: in a worker they are its own. */
export function setEnvironment(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}

/** The environment of a child process: the harmless part of ours, and what the caller adds on purpose. */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = readEnvironment();
  const result: Record<string, string> = {};
  for (const name of CHILD_VARIABLES) {
    const value = own[name];
    if (value !== undefined) result[name] = value;
  }
  return { ...result, ...extra };
}
