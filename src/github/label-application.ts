import { z } from 'zod';
import { AppError, describeError } from '../core/errors.ts';
import { routeOf } from './github-context.ts';
import type { GithubContext, NumberedPlace } from './github-context.ts';
import { refusalReasonOf, statusOf } from './github-failure.ts';

const COLOR = '5319e7';
const DESCRIPTION = 'Opened by LightDom';
/** The token may lack the right to label, and labels are an extra. */
const TOLERATED = new Set([403, 404, 410]);

/** Puts labels on an issue or pull request, and creates those that are missing. What is not allowed is a note, not an error. */
export async function applyLabels(
  context: GithubContext,
  { repository, number, labels }: NumberedPlace & { readonly labels: readonly string[] },
): Promise<readonly string[]> {
  if (labels.length === 0) return [];
  const notes: string[] = [];
  const usable: string[] = [];
  for (const label of labels) {
    const problem = await tolerated(() => ensureLabel(context, { repository, label }));
    if (problem === undefined) usable.push(label);
    else notes.push(`Label ${label} was not created: ${problem}`);
  }
  if (usable.length === 0) return notes;
  const fields = { ...routeOf(repository), issue_number: number, labels: usable };
  const problem = await tolerated(() =>
    context.client.call({
      schema: z.unknown(),
      send: (request) => request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', fields),
      // Labels are a set.
      isRepeatable: true,
      signal: context.signal,
    }),
  );
  return problem === undefined ? notes : [...notes, `It has no labels: ${problem}`];
}

async function ensureLabel(
  { client, signal }: GithubContext,
  { repository, label }: Pick<NumberedPlace, 'repository'> & { readonly label: string },
): Promise<void> {
  const at = routeOf(repository);
  try {
    await client.call({
      schema: z.unknown(),
      send: (request) => request('GET /repos/{owner}/{repo}/labels/{name}', { ...at, name: label }),
      isRepeatable: true,
      signal,
    });
    return;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  const fields = { ...at, name: label, color: COLOR, description: DESCRIPTION };
  try {
    await client.call({
      schema: z.unknown(),
      send: (request) => request('POST /repos/{owner}/{repo}/labels', fields),
      isRepeatable: true,
      signal,
    });
  } catch (error) {
    // Somebody else was faster.
    if (refusalReasonOf(error) !== 'exists') throw error;
  }
}

/** What was not allowed, in words. */
async function tolerated(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof AppError && TOLERATED.has(statusOf(error) ?? 0)) return describeError(error);
    throw error;
  }
}
