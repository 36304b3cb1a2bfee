const STRING_OR_COMMENT = /"(?:\\.|[^"\\\n])*"|\/\/[^\n\r]*|\/\*[^]*?\*\//g;
const STRING_OR_LAST_COMMA = /"(?:\\.|[^"\\\n])*"|(?<=["\w\]}]\s*),(?=\s*[\]}])/g;

/** An object in JSON that may have comments, and commas after the last item; undefined for anything else. */
export function parseLooseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const plain = text
    .replaceAll(STRING_OR_COMMENT, (found) => (found.startsWith('"') ? found : ' '))
    .replaceAll(STRING_OR_LAST_COMMA, (found) => (found.startsWith('"') ? found : ''));
  try {
    const value: unknown = JSON.parse(plain);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
