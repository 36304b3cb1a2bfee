/** What executes fixers. For the files that put the system together: others know the words of `index.ts`. */
export { TypescriptFixer } from './typescript/typescript-fixer.ts';
