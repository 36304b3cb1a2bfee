import type { ServiceEntry } from './manifest-schema.ts';
import type { ManifestProblem } from './manifest-problem.ts';

interface Sources {
  /** Of the environment; the only ones that `${NAME}` may name. */
  readonly variables: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly secretKeys: readonly string[];
  findSecret(key: string): string | undefined;
  readonly path: readonly string[];
}

interface Variables {
  readonly env: Readonly<Record<string, string>>;
  /** The values among them that are secrets. */
  readonly secrets: readonly string[];
  readonly problems: readonly ManifestProblem[];
}

const REFERENCE = /\$\$|\$\{([^}]*)\}/g;

/** The environment of a service. `${NAME}` is a listed variable, `$$` a dollar; anything else stands for itself. */
export function readVariables(given: ServiceEntry['env'], sources: Sources): Variables {
  const env: Record<string, string> = {};
  const secrets: string[] = [];
  const problems: ManifestProblem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const complain = (valid: string): void => {
      problems.push({ path: [...sources.path, name], value: '', valid });
    };
    if (typeof value === 'string') {
      env[name] = expand(value, sources, complain);
      continue;
    }
    const secret = secretOf(value.secret, sources, complain);
    if (secret === undefined) continue;
    env[name] = secret;
    secrets.push(secret);
  }
  return { env, secrets, problems };
}

function expand(text: string, sources: Sources, complain: (valid: string) => void): string {
  return text.replace(REFERENCE, (all, name: string | undefined) => {
    if (name === undefined) return '$';
    if (!sources.variables.includes(name)) {
      const listed = sources.variables.join(', ') || 'none';
      complain(`\`${all}\` is not listed under \`variables\` (${listed}); list it there, or write $$ for a dollar`);
      return '';
    }
    const value = sources.environment[name];
    if (value === undefined) complain(`the variable ${name} is not set in the environment`);
    return value ?? '';
  });
}

function secretOf(key: string, sources: Sources, complain: (valid: string) => void): string | undefined {
  if (!sources.secretKeys.includes(key)) {
    complain(`there is no secret \`${key}\`; there are ${sources.secretKeys.join(', ')}`);
    return undefined;
  }
  const secret = sources.findSecret(key);
  if (secret === undefined) complain(`the secret \`${key}\` is not set; store it with \`lightdom secret set ${key}\``);
  return secret;
}
