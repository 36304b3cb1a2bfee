import { AppError } from '../core/errors.ts';

export interface PatchAuthor {
  readonly name: string;
  readonly email: string;
}

const AUTHOR: PatchAuthor = { name: 'LightDom', email: 'lightdom@localhost' };
/** What `git format-patch` writes first; mail readers of git know a patch by this very date. */
const SEPARATOR = `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001`;
const MAIL = /^From [0-9a-f]{40,64} /;
const DIFF = /^diff --git /m;

/**
 * A patch as a mail that `git am` takes: one that is a series of mails already as it is, a plain diff behind headers that make
 * it a commit with the title as its message. Throws `invalid_input` for text that changes nothing.
 */
export function mailOfPatch(asked: {
  readonly patch: string;
  readonly title: string;
  readonly author?: PatchAuthor;
}): string {
  const { patch, title, author = AUTHOR } = asked;
  if (!DIFF.test(patch)) {
    throw new AppError('invalid_input', 'The patch holds no change that git could apply.', {
      hint: 'Give what `git diff --binary` or `git format-patch --stdout` writes.',
    });
  }
  if (MAIL.test(patch)) return patch;
  const headers = [
    SEPARATOR,
    `From: ${headerText(author.name)} <${headerText(author.email)}>`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Subject: [PATCH] ${headerText(title)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
  ];
  return `${headers.join('\n')}\n\n---\n\n${patch.endsWith('\n') ? patch : `${patch}\n`}`;
}

/** One line, without what ends an address. */
function headerText(text: string): string {
  return text.replace(/[\s<>\0]+/g, ' ').trim();
}
