import { ts } from 'ts-morph';
import type { FixGrade } from '../fixer.ts';
import type { CodefixAction } from './codefix-actions.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

export interface ImportChoices {
  opinionOf(action: CodefixAction): { readonly grade: FixGrade; readonly reason: string };
}

/** A name that several modules export can be any of them; the same declaration exported again is the same. */
export function importChoices(target: TargetDiagnostic, actions: readonly CodefixAction[]): ImportChoices {
  const imports = actions.filter(({ name }) => name === 'import');
  const origins = new Map(imports.map((action) => [action, originOf(action, target)]));
  const different = new Set(origins.values()).size;
  const specifiers = new Set(imports.map(specifierOf)).size;
  return {
    opinionOf: (action) => {
      const specifier = specifierOf(action) ?? '';
      if (specifier === '') return { grade: 'suggestion', reason: 'it is not said which module is imported' };
      if (different > 1 && action !== imports[0]) {
        return { grade: 'suggestion', reason: `another of ${different} modules that export the name is nearer` };
      }
      if (different > 1)
        return { grade: 'tests', reason: `${different} modules export the name; \`${specifier}\` is the nearest` };
      if (action !== imports[0]) return { grade: 'suggestion', reason: 'the same by a longer way' };
      const again = specifiers === 1 ? '' : `, which ${specifiers - 1} others export again`;
      return { grade: 'auto', reason: `\`${specifier}\` is the only module that exports the name${again}` };
    },
  };
}

function specifierOf({ title }: CodefixAction): string | undefined {
  return /from ["']([^"']+)["']/.exec(title)?.[1];
}

/** Where the imported name is declared: file and offset; the module's name where that is not found. */
function originOf(action: CodefixAction, { project, path, file, start, end }: TargetDiagnostic): string {
  const specifier = specifierOf(action) ?? '';
  const program = project.program();
  const { resolvedModule } = ts.resolveModuleName(specifier, path, project.config.options, ts.sys);
  const module = program.getSourceFile(resolvedModule?.resolvedFileName ?? '');
  const checker = program.getTypeChecker();
  const symbol = module === undefined ? undefined : checker.getSymbolAtLocation(module);
  if (symbol === undefined) return specifier;
  const name = file.text.slice(start, end);
  const exported = checker.getExportsOfModule(symbol).find((each) => each.name === name);
  if (exported === undefined) return specifier;
  const origin = (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported);
  const declaration = origin.declarations?.[0];
  return declaration === undefined ? specifier : `${declaration.getSourceFile().fileName}:${declaration.pos}`;
}
