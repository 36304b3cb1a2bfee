/** Postgres stores neither NUL nor half of a surrogate pair; both come as the replacement character. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

export function storableText(text: string, maxLength: number): string {
  const whole = text.replace(UNSTORABLE, '\uFFFD');
  return whole.length <= maxLength ? whole : `${whole.slice(0, maxLength - 1).replace(UNSTORABLE, '')}…`;
}

/** JSON whose strings can be stored. Throws for what JSON can't say, such as a bigint or a circle. */
export function storableJson(value: unknown): string {
  const replaceText = (_key: string, inner: unknown): unknown =>
    typeof inner === 'string' ? inner.replace(UNSTORABLE, '\uFFFD') : inner;
  return JSON.stringify(value, replaceText) ?? 'null';
}
