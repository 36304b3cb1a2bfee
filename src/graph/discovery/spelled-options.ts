/** Options of one configuration as far as anything here depends on them, spelled as in a tsconfig, with absolute paths. */
export interface SpelledOptions {
  readonly target?: string | undefined;
  readonly module?: string | undefined;
  readonly moduleResolution?: string | undefined;
  readonly moduleDetection?: string | undefined;
  readonly jsx?: string | undefined;
  readonly lib?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly typeRoots?: readonly string[] | undefined;
  readonly allowJs?: boolean | undefined;
  readonly checkJs?: boolean | undefined;
  readonly baseUrl?: string | undefined;
  readonly paths?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Where targets of `paths` count from without a `baseUrl`. */
  readonly pathsBasePath?: string | undefined;
  readonly rootDir?: string | undefined;
  readonly outDir?: string | undefined;
  readonly declarationDir?: string | undefined;
  /** Others that decide what a name means: {@link KEPT_OPTIONS}. */
  readonly kept: Readonly<Record<string, unknown>>;
}

/**
 * Options that decide what a name means, besides those that are rewritten. All others (output, diagnostics, build modes)
 * are dropped: they cost time, differ between projects that could share one program, and newer compilers refuse some.
 */
export const KEPT_OPTIONS = [
  'allowArbitraryExtensions',
  'allowUmdGlobalAccess',
  'customConditions',
  'exactOptionalPropertyTypes',
  'experimentalDecorators',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'moduleSuffixes',
  'noImplicitAny',
  'noImplicitThis',
  'noLib',
  'noPropertyAccessFromIndexSignature',
  'noUncheckedIndexedAccess',
  'preserveSymlinks',
  'resolvePackageJsonExports',
  'resolvePackageJsonImports',
  'rootDirs',
  'strict',
  'strictBindCallApply',
  'strictBuiltinIteratorReturn',
  'strictFunctionTypes',
  'strictNullChecks',
  'strictPropertyInitialization',
  'useDefineForClassFields',
  'useUnknownInCatchVariables',
] as const;
