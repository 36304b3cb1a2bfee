/** More than this is never shown. */
export const MAX_SIGNATURE_CHARACTERS = 300;
/** Comments stand between words; what looks like one within a word, as in an address, is none. */
const COMMENTS = /(?<=^|\s)\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** The source of a header on one line, without comments and without what opens its body. */
export function headerText(source: string): string {
  return source
    .replaceAll(COMMENTS, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/\s*[{;]?\s*$/, '')
    .trim();
}
