import { AppError } from '../../core/errors.ts';
import { POLICY_HEADERS } from './tool-policy.ts';
import type { PolicyDemand } from './tool-policy.ts';

const FLAGS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** What the headers of a request ask for, if they do. Throws `invalid_input` for a value that says nothing. */
export function demandOf(headerOf: (name: string) => string | null | undefined): PolicyDemand | undefined {
  const toolsets = namesIn(headerOf(POLICY_HEADERS.toolsets));
  const excludeTools = namesIn(headerOf(POLICY_HEADERS.excludeTools)) ?? [];
  const readOnly = flagIn(headerOf(POLICY_HEADERS.readOnly));
  if (toolsets === undefined && excludeTools.length === 0 && !readOnly) return undefined;
  return { toolsets, excludeTools, readOnly };
}

/** `graph, runs`; an empty header says nothing. */
function namesIn(text: string | null | undefined): string[] | undefined {
  const names = (text ?? '').split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '');
  return given.length === 0 ? undefined : given;
}

function flagIn(text: string | null | undefined): boolean {
  const given = (text ?? '').trim().toLowerCase();
  const flag = given === '' ? false : FLAGS.get(given);
  if (flag !== undefined) return flag;
  throw new AppError('invalid_input', `${POLICY_HEADERS.readOnly} is "${given.slice(0, 80)}".`, {
    hint: `Valid: ${[...FLAGS.keys()].join(', ')}.`,
  });
}
