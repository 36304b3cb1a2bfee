import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import { SECRET_KEYS } from '../../src/secrets/index.ts';
import { askUrl, defineTool } from '../../src/surface/index.ts';

export const secretRequest = defineTool({
  name: 'secret_request',
  title: 'Ask a person for a secret',
  description:
    'Asks the person at this machine for a secret that LightDom lacks, on a page of its own, and returns whether it was stored, never what it is; call again with the same key while it says `waiting`. Choose it when an error names a missing token or API key; never ask for one in the conversation.',
  effect: 'write',
  idempotent: false,
  openWorld: false,
  input: z.object({ key: z.enum(SECRET_KEYS).describe('Configuration key of the secret.') }),
  output: z.object({
    key: z.string().describe('Configuration key of the secret.'),
    status: z
      .enum(['stored', 'waiting', 'by_command'])
      .describe('waiting: the page is open, call again; by_command: the person has to run the command.'),
    command: z.string().optional().describe('What the person can run on this machine instead.'),
    takesEffect: z.string().describe('When a secret that is stored now is used, or what keeps it from that.'),
  }),
  summary: ({ key, status, command, takesEffect }) => {
    if (status === 'stored') return `${key} is stored; it is used ${takesEffect}`;
    const instead = `\`${command ?? ''}\` in a terminal of this machine`;
    if (status === 'by_command') return `have the person run ${instead}; ${key} is then used ${takesEffect}`;
    return `the page for ${key} waits for the person; call again, or have them run ${instead}`;
  },
  next: ({ key, status }) => (status === 'waiting' ? [{ tool: 'secret_request', arguments: { key } }] : []),
  async run({ key }, context) {
    const { caller, signal, services } = context;
    const { secrets } = services;
    const takesEffect = secrets.effectOf(key);
    const offer = { key, takesEffect, command: secrets.commandFor(key) };
    secrets.requireLocal(key, caller);
    const page = caller.can.url ? secrets.openPage(key, caller) : undefined;
    if (page === undefined) return { ...offer, status: 'by_command' as const };
    const { id, url, message } = page;
    // By a name of its own: an answer about a page that has expired meanwhile is none about this one.
    const question = { key: `page-${id}`, page: { url, message } };
    if (page.isToOpen && (await askUrl(context, question)) !== 'accept') {
      secrets.declinePage(id);
      throw new AppError('cancelled', `The person does not want to enter ${key}; nothing was stored.`, {
        hint: 'Go on without it, or ask them why.',
      });
    }
    context.progress(0, 1, `waiting for ${key}`);
    const status = await secrets.waitForPage(id, signal);
    return status === 'stored' ? { key, takesEffect, status } : { ...offer, status };
  },
});
