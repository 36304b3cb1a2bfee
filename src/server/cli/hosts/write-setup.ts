import { AppError, describeError } from '../../../core/errors.ts';
import type { Host, Scope } from './host.ts';
import { assertInProject, readHostFile, replaceHostFile } from './host-file.ts';
import type { HostSetup } from './host-setup.ts';
import { mergeJson } from './json-merge.ts';
import { mergeToml } from './toml-merge.ts';

export interface WriteRequest {
  readonly host: Host;
  readonly setup: HostSetup;
  readonly scope: Scope;
  readonly project: string;
  /** Whether another entry of our name is replaced. */
  readonly replace: boolean;
}

export interface Written {
  readonly isChanged: boolean;
  /** A copy of the file as it was. */
  readonly backup: string | undefined;
}

/**
 * Merges the snippet into the host's file and touches nothing else of it. Throws, with the snippet to add by hand, for a
 * file that is not understood.
 */
export function writeSetup(request: WriteRequest): Written {
  const { setup, scope, project } = request;
  assertMayHoldToken(request);
  if (scope === 'project') assertInProject(setup.file, project);
  const before = readHostFile(setup.file);
  const text = withSnippetInFailure(setup, () => merged(request, before?.text));
  if (text === before?.text) return { isChanged: false, backup: undefined };
  return { isChanged: true, backup: replaceHostFile(setup.file, before, { text, isSecret: setup.isSecret }) };
}

function assertMayHoldToken({ host, setup, scope }: WriteRequest): void {
  if (setup.lacksToken) {
    throw new AppError('invalid_input', `${host.title} can only hold the token itself.`, {
      hint: 'Add --show-token to have it written into the file, or use stdio, which needs none.',
    });
  }
  if (setup.isSecret && scope === 'project') {
    throw new AppError('permission_denied', `${setup.file} belongs to the project: a token in it would be shared.`, {
      hint: 'Leave out --show-token or --scope.',
    });
  }
}

function merged({ host, setup, replace }: WriteRequest, before: string | undefined): string {
  if (before === undefined) return setup.snippet;
  const { file } = setup;
  switch (host.format) {
    case 'json':
    case 'jsonc':
      return mergeJson(before, setup.document, { file, replace, hasComments: host.format === 'jsonc' });
    case 'toml':
      return mergeToml(before, setup.snippet, { key: host.key, file });
    case 'yaml':
      throw new AppError('unsupported', `${file} is there already, and YAML is not merged here; nothing was changed.`, {
        hint: 'Add the snippet by hand.',
      });
  }
}

function withSnippetInFailure<T>({ snippet }: HostSetup, merge: () => T): T {
  try {
    return merge();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, describeError(error), { hint: `The snippet:\n\n${snippet}`, cause: error });
  }
}
