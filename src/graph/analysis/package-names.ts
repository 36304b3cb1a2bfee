import { builtinModules } from 'node:module';

const BUILTINS: ReadonlySet<string> = new Set(builtinModules);
const NAME = /^(?:@[a-z\d~-][a-z\d._~-]*\/)?[a-z\d~-][a-z\d._~-]*$/i;
/** Bun has its own, Deno those of its registry; Docusaurus makes modules up. */
const PROVIDED = /^(?:bun|@std\/[\w-]+|@(?:theme|site|generated)\/.+|@docusaurus\/[A-Z]\w*|@docusaurus\/use[A-Z]\w*)$/;
const TYPES = '@types/';

/** The package of `@scope/name/part?raw`; undefined for what is none: `node:fs`, `#internal`, `virtual:x`, `~/alias`. */
export function packageOf(specifier: string): string | undefined {
  const [path = ''] = specifier.split('?');
  const parts = path.split('/');
  const name = path.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
  return NAME.test(name) && !BUILTINS.has(name) && !PROVIDED.test(name) ? name : undefined;
}

/** What `@types/node` and `@types/scope__name` are the types of. */
export function typedBy(name: string): string | undefined {
  if (!name.startsWith(TYPES)) return undefined;
  const bare = name.slice(TYPES.length);
  return bare.includes('__') ? `@${bare.replace('__', '/')}` : bare;
}

/** Where the types of a package that has none itself come from. */
export function typesOf(name: string): string {
  return `${TYPES}${name.replace(/^@([^/]+)\//, '$1__')}`;
}
