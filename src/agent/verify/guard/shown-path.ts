import { visibleText } from '../../../core/outside-text.ts';

/** A path in a sentence: it is a text from outside, too. */
export function shownPath(path: string): string {
  return visibleText(path).replaceAll(/\s/g, ' ').slice(0, 200);
}
