import { z } from 'zod';

/** Words of a name that are said of a secret alone, whatever its type. */
const WORDS = /(?:^|_)(?:pass(?:word|wd|phrase|code)s?|pwd|passwd|secrets?|credentials?|pin|otp|cvv|cvc)(?:_|$)/;
/** A number of tokens is none; a token is text. */
const TEXT_WORDS =
  /(?:^|_)(?:tokens?|bearer|jwt|pat|api_?keys?|(?:access|auth|client|encryption|private|secret|signing|ssh)_?keys?)(?:_|$)/;

const propertySchema = z.looseObject({ type: z.unknown(), title: z.unknown(), enum: z.unknown() });

/** The first property of a JSON Schema by whose name or title a person would be asked for a secret, if there is one. */
export function secretFieldOf(properties: Readonly<Record<string, unknown>> = {}): string | undefined {
  return Object.keys(properties).find((name) => {
    const { data } = propertySchema.safeParse(properties[name]);
    // Neither a flag nor a choice among given values can hold one.
    if (data?.type === 'boolean' || data?.enum !== undefined) return false;
    const isNumber = data?.type === 'number' || data?.type === 'integer';
    const names = [name, typeof data?.title === 'string' ? data.title : ''].map(wordsOf);
    return names.some((words) => WORDS.test(words) || (!isNumber && TEXT_WORDS.test(words)));
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
