import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { answerOf, resultSchema } from './driver.js';
import { RawSession } from './raw-session.js';

/**
 * Recorded clients, by what they declare: each gets through the core of the surface, or is refused in words.
 * @typedef {import('./raw-session.js').Message} Message
 */

const profileSchema = z.looseObject({
  title: z.string(),
  protocolVersion: z.string(),
  elicitation: z.looseObject({}).optional(),
  sampling: z.looseObject({}).optional(),
  roots: z.looseObject({}).optional(),
});
/** @typedef {z.output<typeof profileSchema>} Profile */

const moduleSchema = z.object({ mcpClients: z.record(z.string(), profileSchema) });
const ENTERED = { username: 'ann', email: 'ann@example.org' };

/** @param {string} modules @returns {Promise<readonly Profile[]>} */
export async function clientProfiles(modules) {
  const entry = join(modules, 'mcp-client-capabilities/dist/index.js');
  return Object.values(moduleSchema.parse(await import(pathToFileURL(entry).href)).mcpClients);
}

/**
 * Plays the core scenario as one of them. Returns what went wrong.
 * @param {Profile} profile @param {{ url: string, token: string }} server
 * @returns {Promise<string | undefined>}
 */
export async function playProfile(profile, server) {
  const { protocolVersion, elicitation, sampling, roots } = profile;
  const capabilities = {
    ...(elicitation && { elicitation }),
    ...(sampling && { sampling }),
    ...(roots && { roots }),
  };
  const answer = () => ({ action: 'accept', content: ENTERED });
  const session = new RawSession({ ...server, protocolVersion, capabilities, answer });
  try {
    const version = await session.open();
    if (version !== protocolVersion) return `asked for ${protocolVersion}, got ${version}`;
    for (const step of STEPS) {
      const problem = await step(session, profile);
      if (problem !== undefined) return problem;
    }
    return undefined;
  } catch (error) {
    return String(error);
  } finally {
    await session.close();
  }
}

/** @type {readonly ((session: RawSession, profile: Profile) => Promise<string | undefined>)[]} */
const STEPS = [
  async (session) => {
    const { result } = await session.request('tools/list');
    const tools = z.array(z.looseObject({ name: z.string() })).parse(result?.['tools']);
    return tools.some(({ name }) => name === 'system_status') ? undefined : 'system_status is not listed';
  },
  async (session) => {
    const { text, isError } = answerOf(resultSchema.parse((await call(session, 'system_status')).result));
    return !isError && text.includes('running') ? undefined : `system_status said ${text}`;
  },
  async (session) => {
    const { text, isError } = answerOf(resultSchema.parse((await call(session, 'run_get', { runId: 'none' })).result));
    return isError && text.includes('run_list') ? undefined : `an unknown run was answered with ${text}`;
  },
  async (session, { elicitation }) => {
    const { result, error } = await call(session, 'test_elicitation', { message: 'Who are you?' });
    if (elicitation !== undefined) {
      const { text } = answerOf(resultSchema.parse(result));
      return text.includes(ENTERED.email) ? undefined : `what was entered came back as ${text}`;
    }
    // There is nobody to ask: that is said, not waited for.
    const said = error?.message ?? answerOf(resultSchema.parse(result)).text;
    return /elicitation/i.test(said) ? undefined : `a client without forms was answered with ${said}`;
  },
];

/** @param {RawSession} session @param {string} name @param {Record<string, unknown>} [args] @returns {Promise<Message>} */
const call = (session, name, args = {}) => session.request('tools/call', { name, arguments: args });
