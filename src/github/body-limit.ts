import { AppError } from '../core/errors.ts';
import { redactText } from '../core/redact.ts';

/** GitHub refuses longer bodies of pull requests, issues and comments. */
export const MAX_BODY_CHARACTERS = 65_536;
const MAX_TITLE_CHARACTERS = 256;
/** For the note at the end, and a fence that has to be closed. */
const ROOM_FOR_NOTE = 120;
const MARKER_KEY = /^[\w.:/-]{1,200}$/;

/**
 * The text as GitHub takes it: without what looks like a secret, cut with a note where it is too long, and with the marker,
 * which is never cut, at its end.
 */
export function boundedBody(text: string, marker = ''): string {
  const ending = marker === '' ? '' : `\n\n${marker}`;
  const clean = redactText(text);
  const room = MAX_BODY_CHARACTERS - ending.length;
  if (clean.length <= room) return `${clean}${ending}`;
  const kept = wholeCharacters(clean.slice(0, room - ROOM_FOR_NOTE));
  const fence = isWithinFence(kept) ? '\n```' : '';
  return `${kept}${fence}\n\n_Cut here: ${clean.length - kept.length} more characters._${ending}`;
}

/** One line, bounded. */
export function boundedTitle(title: string): string {
  const line = redactText(title).replace(/\s+/g, ' ').trim();
  if (line === '')
    throw new AppError('invalid_input', 'The title is empty.', { hint: 'Say in a line what it is about.' });
  return line.length <= MAX_TITLE_CHARACTERS ? line : `${wholeCharacters(line.slice(0, MAX_TITLE_CHARACTERS - 1))}…`;
}

/** A comment that readers do not see, by which the same text is found again. Throws `invalid_input` for another key. */
export function markerOf(key: string): string {
  if (MARKER_KEY.test(key)) return `<!-- lightdom:${key} -->`;
  throw new AppError('invalid_input', `${JSON.stringify(key.slice(0, 200))} can't mark a text.`, {
    hint: 'Use letters, digits and . _ : / - , at most 200 characters.',
  });
}

/** A character outside of the first plane is two units, which belong together. */
function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}

function isWithinFence(text: string): boolean {
  return (text.match(/^```/gm)?.length ?? 0) % 2 === 1;
}
