import { createRequire } from 'node:module';
import process from 'node:process';
import type { DestinationStream, Logger, pino } from 'pino';
import type pretty from 'pino-pretty';
import { z } from 'zod';
import { visibleText } from './outside-text.ts';
import { redactText } from './redact.ts';

/** Loaded when they are needed: an agent waits for each file of a process that starts for it. */
const load: {
  (id: 'pino'): typeof pino;
  (id: 'pino-pretty'): typeof pretty;
} = createRequire(import.meta.url);

/** A structured logger: a static message, then fields. `child` adds fields to all that follows. */
export type Log = Logger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How entries look on a terminal: `pretty` in colour for people, `json` a line each for programs, as everywhere else. */
export const LOG_FORMS = ['pretty', 'json'] as const;
export type LogForm = (typeof LOG_FORMS)[number];

export interface LogOptions {
  readonly level: LogLevel;
  /** `pretty` without it. */
  readonly form?: LogForm | undefined;
  /** A file that is appended to; without it the log goes to stderr. stdout belongs to the MCP protocol. */
  readonly file?: string | undefined;
}

/** Field names whose values never reach the log, at the top level and one level down. */
const SECRET_NAMES =
  'password apiKey token authorization url secret cookie accessToken refreshToken clientSecret privateKey';
const SECRET_FIELDS = SECRET_NAMES.split(' ').flatMap((name) => [name, `*.${name}`]);

/** A control character as JSON writes it, and not after a backslash that is text. Line feed and tab have forms of their own. */
const ESCAPED_CONTROL = /\\u(?:00[0189][\da-f]|007f)(?<=(?<!\\)(?:\\\\)*\\u[\da-f]{4})/gi;

/** Every line that is logged goes through here: no secret by its looks, and nothing that a terminal would obey. */
function loggedLine(line: string): string {
  return redactText(visibleText(line).replace(ESCAPED_CONTROL, ''));
}

/** A log to a file or a pipe as JSON lines, to a terminal in the form asked for. */
export function createLog(options: LogOptions): Log {
  const hooks = { streamWrite: loggedLine };
  return load('pino')({ level: options.level, redact: SECRET_FIELDS, base: null, hooks }, destinationOf(options));
}

/** The same log, which is made with its first use: what answers the first questions of an agent does without a logger. */
export function createLateLog(options: LogOptions): Log {
  let made: Log | undefined;
  const get = (_log: object, name: string | symbol): unknown => {
    made ??= createLog(options);
    const member: unknown = Reflect.get(made, name);
    return typeof member === 'function' ? member.bind(made) : member;
  };
  return z.custom<Log>().parse(new Proxy({}, { get }));
}

/** Drops everything; for library use and tests that do not look at the log. */
export function createSilentLog(): Log {
  return load('pino')({ level: 'silent' });
}

function destinationOf(options: LogOptions): DestinationStream {
  if (options.file !== undefined) return load('pino').destination({ dest: options.file, mkdir: true, sync: false });
  if (process.stderr.isTTY && options.form !== 'json') {
    const pinoPretty = load('pino-pretty');
    return pinoPretty({ destination: 2, colorize: true, sync: true, ignore: 'pid,hostname' });
  }
  return load('pino').destination({ dest: 2, sync: true });
}
