import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/**
 * What the matrix asks of every client. A client that lacks a feature leaves it out.
 *
 * @typedef {'modern' | 'legacy'} Era
 * @typedef {object} Place where the server is
 * @property {'http' | 'stdio'} transport
 * @property {string} url of the HTTP endpoint
 * @property {string} token
 * @property {readonly string[]} command of Node, for stdio
 *
 * @typedef {object} Answer
 * @property {string} text
 * @property {boolean} isError
 *
 * @typedef {object} Driven
 * @property {() => Promise<readonly string[]>} list names of the tools
 * @property {(name: string, args: Record<string, string>) => Promise<Answer>} call
 * @property {(name: string) => Promise<number>} [progress] calls, and returns how many notifications arrived
 * @property {(name: string, begun: () => Promise<void>) => Promise<void>} [cancel] calls, waits until it has begun, then gives up
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Driver
 * @property {string} name
 * @property {readonly Era[]} eras that the client can be told to speak
 * @property {(place: Place, era: Era) => Promise<Driven>} open
 */

export const resultSchema = z.object({
  content: z.array(z.looseObject({ text: z.string().optional() })),
  isError: z.boolean().default(false),
});

/** @param {z.output<typeof resultSchema>} result @returns {Answer} */
export const answerOf = ({ content, isError }) => ({
  text: content.map((part) => part.text ?? '').join('\n'),
  isError,
});

/**
 * Runs a command-line client to its end.
 * @param {readonly string[]} args of Node
 * @param {{ env?: Record<string, string>, isEnded?: (child: import('node:child_process').ChildProcess) => void }} [options]
 */
export async function runClient(args, { env = {}, isEnded } = {}) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  isEnded?.(child);
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, out, error };
}

/**
 * Whether a client that goes away gives up its call with that: in the older era over HTTP it does not, as it might come
 * back for the answer.
 * @param {Place} place @param {Era} era
 */
export const isCancelledByLeaving = ({ transport }, era) => transport === 'stdio' || era === 'modern';

/**
 * Starts a call and ends the client once it has begun.
 * @param {readonly string[]} args @param {() => Promise<void>} begun @param {Record<string, string>} [env]
 */
export async function interruptClient(args, begun, env) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let client;
  const ended = runClient(args, { env: env ?? {}, isEnded: (child) => void (client = child) });
  await begun();
  client?.kill('SIGINT');
  await ended;
}
