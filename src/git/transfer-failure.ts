import { AppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { visibleText } from '../core/outside-text.ts';
import { redactText } from '../core/redact.ts';

interface FailureRule {
  readonly said: RegExp;
  readonly code: ErrorCode;
  readonly why: string;
  readonly hint: string;
}

const TOKEN_HINT = 'Check the token: it must be valid, and may read and write the contents of that repository.';

/** What git says in English (`LC_ALL=C`), most telling first. */
const RULES: readonly FailureRule[] = [
  {
    said: /\((?:stale info|fetch first|non-fast-forward|needs force|remote ref updated since checkout)\)/,
    code: 'conflict',
    why: 'the branch there is not what it was taken for',
    hint: 'Somebody else has pushed to it: fetch, and look at what is there.',
  },
  {
    said: /\[remote rejected\]|remote: error: GH\d+|pre-receive hook declined/,
    code: 'permission_denied',
    why: 'the server refused the branch',
    hint: 'A rule of the repository, such as a protected branch, is against it.',
  },
  {
    said: /returned error: 30\d|unable to update url base from redirection/,
    code: 'not_found',
    why: 'the repository has moved, and credentials are not sent to another address',
    hint: 'Set the remote to its new address.',
  },
  {
    said: /returned error: 40[13]|Authentication failed|could not read (?:Username|Password)|askpass|Permission denied|Host key verification failed/,
    code: 'permission_denied',
    why: 'access was refused',
    hint: TOKEN_HINT,
  },
  {
    said: /returned error: 404|[Rr]epository .*not found|does not appear to be a git repository|couldn't find remote ref/,
    code: 'not_found',
    why: 'it is not there, or may not be seen',
    hint: `Check the address and the branch. ${TOKEN_HINT}`,
  },
];

const UNREACHED: FailureRule = {
  said: /.*/,
  code: 'upstream_failed',
  why: 'it could not be reached or did not answer as git expects',
  hint: 'Check the address and the network, and try again.',
};

const MAX_SAID_CHARACTERS = 500;

/** A failed transfer in our words. `secrets` are taken out of what git said, whatever they look like. */
export function transferFailure(
  error: AppError,
  { action, secrets }: { readonly action: string; readonly secrets: readonly string[] },
): AppError {
  if (error.code !== 'upstream_failed') return error;
  const rule = RULES.find(({ said }) => said.test(error.message)) ?? UNREACHED;
  const said = withoutSecrets(linesOfInterest(error.message), secrets).slice(0, MAX_SAID_CHARACTERS);
  // No cause: the one at hand has everything that git wrote.
  return new AppError(rule.code, `${action} failed: ${rule.why}. git said: ${said}`, { hint: rule.hint });
}

/** Without advice, and without what servers greet with. */
function linesOfInterest(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /^(?:git ended|fatal:|error:|remote:|! )/.test(line));
  return visibleText((telling.length > 0 ? telling : lines).join(' '));
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '[Redacted]');
  return redactText(clean);
}
