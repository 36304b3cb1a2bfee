const HEAD_CHARACTERS = 600;
const MARK = /@generated\b|\b(?:auto-?generated|do not (?:edit|modify)|generated (?:by|from|file))\b/i;
const PATH = /(?:^|\/)(?:__generated__|generated)\/|\.(?:gen|generated|min)\.[cm]?[jt]sx?$/;

/** Whether a program wrote it, by its path or by what its first comment says. */
export function isGenerated(path: string, text: string): boolean {
  if (PATH.test(path)) return true;
  const comments = /^(?:\s|#![^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)*/.exec(text.slice(0, HEAD_CHARACTERS))?.[0] ?? '';
  return MARK.test(comments);
}
