import { createHash } from 'node:crypto';

/** All that the agent makes by itself is below this. */
export const AGENT_PREFIX = 'agent/';

/** What a branch is for. */
export const BRANCH_PURPOSES = ['feature', 'bugfix', 'refactor', 'docs', 'chore'] as const;
export type BranchPurpose = (typeof BRANCH_PURPOSES)[number];

const MAX_SLUG_CHARACTERS = 30;
const HASH_DIGITS = 8;

/** The branch of one attempt, by what makes it the same attempt: letters and digits stay, all else is a hyphen. */
export function agentBranch(fingerprint: string): string {
  return `${AGENT_PREFIX}${fingerprint.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || shortHash(fingerprint)}`;
}

/**
 * `agent/bugfix/unused-import-of-cart-1a2b3c4d`: what it is for, at most 30 characters of the title, and 8 digits that tell it
 * from others of the same title; the same `seed` gives the same name.
 */
export function purposeBranch({
  purpose,
  title,
  seed = title,
}: {
  readonly purpose: BranchPurpose;
  readonly title: string;
  readonly seed?: string | undefined;
}): string {
  const slug = slugOf(title);
  return `${AGENT_PREFIX}${purpose}/${slug === '' ? '' : `${slug}-`}${shortHash(`${purpose}\0${seed}`)}`;
}

/** Small letters and digits of ASCII between hyphens; accents are dropped. Cut between words where there is one to cut at. */
export function slugOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (plain.length <= MAX_SLUG_CHARACTERS) return plain;
  const cut = plain.slice(0, MAX_SLUG_CHARACTERS + 1);
  const end = cut.lastIndexOf('-');
  return end > 0 ? cut.slice(0, end) : cut.slice(0, MAX_SLUG_CHARACTERS);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS);
}
