import fs from 'node:fs';
import { register } from 'node:module';

/**
 * Loaded before the conformance suite where Node has no `fs.globSync` (before 22): the suite imports it by name, although
 * only its commands for clients call it, and would not start.
 */
const names = Object.keys(fs).filter((name) => /^\w+$/.test(name));
const source = [
  `import fs from 'node:fs';`,
  `export default fs;`,
  `export const { ${names.join(', ')} } = fs;`,
  `export const globSync = () => { throw new Error('This Node has no fs.globSync.'); };`,
].join('\n');

const hooks = `
const source = ${JSON.stringify(source)};
export function resolve(specifier, context, next) {
  const isOfSuite = context.parentURL?.includes('/@modelcontextprotocol/conformance/') === true;
  if (isOfSuite && /^(node:)?fs$/.test(specifier)) return { url: 'shim:fs', shortCircuit: true };
  return next(specifier, context);
}
export function load(url, context, next) {
  return url === 'shim:fs' ? { format: 'module', source, shortCircuit: true } : next(url, context);
}`;

if (!('globSync' in fs)) register(`data:text/javascript,${encodeURIComponent(hooks)}`);
