const MASK = '[Redacted]';

/**
 * What a secret looks like wherever it stands. Each is bounded, so that long text costs no more than its length, and stops
 * at quotes and backslashes: within a line of JSON the line stays JSON.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, MASK],
  [/\b(?:gh[pousr]_|github_pat_|sk-|xox[abeprs]-|glpat-|npm_)[\w-]{16,}/g, MASK],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, MASK],
  [/([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/"\\]{0,100}):[^\s@/"\\]{1,200}@/gi, `$1:${MASK}@`],
  [
    /\b((?:access_|refresh_|id_)?token|api[_-]?key|password|passwd|(?:client_)?secret)=[^&\s"\\]{1,4000}/gi,
    `$1=${MASK}`,
  ],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\w+/=\\\s-]{0,10000}/g, MASK],
];

/** The text without what looks like a secret: tokens, keys, passwords in URLs. */
export function redactText(text: string): string {
  let redacted = text;
  for (const [pattern, mask] of PATTERNS) redacted = redacted.replace(pattern, mask);
  return redacted;
}
