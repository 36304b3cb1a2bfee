import type { ClientCapabilities } from '@modelcontextprotocol/server';
import type { CallerAbilities } from '../../surface/index.ts';

export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';
/** Pages beside answers (MCP Apps, SEP-1865). A host that does not know them passes over what names them. */
export const VIEWS_EXTENSION = 'io.modelcontextprotocol/ui';

/** What a client declared, as the surface has it. An empty `elicitation` stands for forms, as the protocol has it. */
export function abilitiesOf(capabilities: ClientCapabilities | undefined): CallerAbilities {
  const { elicitation, sampling, roots, extensions } = capabilities ?? {};
  return {
    form: elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined),
    url: elicitation?.url !== undefined,
    sampling: sampling !== undefined,
    roots: roots !== undefined,
    tasks: extensions?.[TASKS_EXTENSION] !== undefined,
  };
}

/** The declaration that gives these abilities. */
export function capabilitiesOfCaller(can: CallerAbilities): ClientCapabilities {
  const elicitation = { ...(can.form ? { form: {} } : {}), ...(can.url ? { url: {} } : {}) };
  return {
    ...(can.form || can.url ? { elicitation } : {}),
    ...(can.sampling ? { sampling: {} } : {}),
    ...(can.roots ? { roots: {} } : {}),
    ...(can.tasks ? { extensions: { [TASKS_EXTENSION]: {} } } : {}),
  };
}
