/** What executes fixers. For the files that put the system together: others know the words of `index.ts`. */
export { TypescriptFixer } from './typescript/typescript-fixer.ts';
export { createDeadCodeFixer } from './codemods/dead-code-fixer.ts';
export { createDependencyFixer } from './codemods/dependency-fixer.ts';
export { createDocsFixer } from './codemods/docs-fixer.ts';
export { createImportCycleFixer } from './codemods/import-cycle-fixer.ts';
export { createUnusedExportFixer } from './codemods/unused-export-fixer.ts';
export { FixerSet } from './fixer-set.ts';
export { createBiomeFixer } from './lint/biome-fixer.ts';
export { createEslintFixer } from './lint/eslint-fixer.ts';
export { createOxlintFixer } from './lint/oxlint-fixer.ts';
export { createRecipeFixer } from './recipes/recipe-fixer.ts';
export { createRecipeScan } from './recipes/recipe-scan.ts';
