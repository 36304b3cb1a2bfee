import type { EdgeKind } from '../graph-schema.ts';
import { kindMask } from './csr.ts';

/** Running one runs, or may run, the other. */
const CALL_KINDS = ['calls', 'constructs', 'renders'] as const satisfies readonly EdgeKind[];

/** A change of the target may change or break the source. Structure (`contains`) is not a use. */
const DEPENDENCY_KINDS = [
  ...CALL_KINDS,
  'references',
  'type-uses',
  'extends',
  'implements',
  'overrides',
  'tests',
  'decorates',
  'writes',
  'value-alias',
  'passes',
  'routes',
] as const satisfies readonly EdgeKind[];

/** One file names another, or something in it. */
const MODULE_KINDS = ['imports', 'exports', 're-exports'] as const satisfies readonly EdgeKind[];

export const CALLS = kindMask(CALL_KINDS);
export const CONSTRUCTS = kindMask(['constructs']);
export const DEPENDENCIES = kindMask(DEPENDENCY_KINDS);
export const MODULES = kindMask(MODULE_KINDS);
/** Makes a symbol visible outside its file, as `export { name }` does. */
export const EXPORTS = kindMask(['exports', 're-exports']);
/** Every way to mention a symbol. */
export const USES = DEPENDENCIES | MODULES;
/** A member and the declarations in base types that it stands for. */
export const INHERITANCE = kindMask(['overrides', 'implements']);
/** Mentions of a symbol as a value that are not calls: from there it can be called unseen. */
export const VALUE_USES = kindMask(['references', 'decorates', 'value-alias', 'passes', 'routes']);
/** Another name for the same value. */
export const ALIASES = kindMask(['value-alias']);
