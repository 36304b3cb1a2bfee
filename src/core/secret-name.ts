import { z } from 'zod';

/** Words of a name that are said of a secret alone, whatever its type. */
const WORDS = /(?:^|_)(?:pass(?:word|wd|phrase|code)s?|pwd|passwd|secrets?|credentials?|pin|otp|cvv|cvc)(?:_|$)/;
/** A number of tokens is none; a token is text. */
const TEXT_WORDS =
  /(?:^|_)(?:tokens?|bearer|jwt|pat|api_?keys?|(?:access|auth|client|encryption|private|secret|signing|ssh)_?keys?)(?:_|$)/;

const textOrNumber = z.looseObject({ type: z.enum(['string', 'number', 'integer']), title: z.string().optional() });

/** The first property of a JSON Schema by whose name or title a person would be asked for a secret, if there is one. */
export function secretFieldOf(properties: Readonly<Record<string, unknown>> = {}): string | undefined {
  return Object.keys(properties).find((name) => {
    const { data } = textOrNumber.safeParse(properties[name]);
    // Neither a flag nor a choice among given values can hold one.
    if (data === undefined || 'enum' in data || 'const' in data || 'oneOf' in data) return false;
    const names = [name, data.title ?? ''].map(wordsOf);
    return names.some((words) => WORDS.test(words) || (data.type === 'string' && TEXT_WORDS.test(words)));
  });
}

/** `githubAPIKey`, `GitHub API key` → `github_api_key`, `git_hub_api_key` */
function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z\d])(?=[A-Z])/g, '$1_')
    .replaceAll(/([A-Z])(?=[A-Z][a-z])/g, '$1_')
    .replaceAll(/[^A-Za-z\d]+/g, '_')
    .toLowerCase();
}
