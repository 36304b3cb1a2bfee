import type { Server } from '@modelcontextprotocol/server';
import type { Log } from '../../core/log.ts';
import type { Catalog } from '../../surface/index.ts';
import { asAppError } from '../surface-failure.ts';
import { relayTo } from './call-relay.ts';
import type { SurfaceBackend } from './surface-backend.ts';
import { protocolErrorOf } from './wire-error.ts';

/** Whether anything of the catalog can be completed. */
export function hasCompletions({ prompts, resources }: Catalog): boolean {
  return [...prompts, ...resources].some(({ complete = {} }) => Object.keys(complete).length > 0);
}

export interface CompletionDeps {
  readonly backend: SurfaceBackend;
  readonly log: Log;
}

export function serveCompletions(server: Server, { backend, log }: CompletionDeps): void {
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument, context } }, request) => {
    const { call } = relayTo(server, request, log);
    try {
      const { values, ...counts } = await backend.complete({ ref, argument, known: context?.arguments ?? {} }, call);
      return { completion: { values: [...values], ...counts } };
    } catch (error) {
      throw protocolErrorOf(asAppError(error, { subject: 'The completion', log, signal: call.signal }));
    }
  });
}
