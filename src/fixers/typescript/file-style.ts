import { ts } from 'ts-morph';

/** How the file is written, so that what is added to it looks the same. */
export interface FileStyle {
  readonly format: ts.FormatCodeSettings;
  readonly preferences: ts.UserPreferences;
}

/** `isMarkingTypes`: whether an import of a type is to say so. */
export function styleOf(text: string, { isMarkingTypes }: { readonly isMarkingTypes: boolean }): FileStyle {
  const indent = indentOf(text);
  const semicolons = count(text, /;[ \t]*$/gm) >= count(text, /^\s*(?:import|const|let|return)\b.*[^;{(,\s][ \t]*$/gm);
  const isSpaced =
    count(text, /\b(?:import|export)\s+(?:type\s+)?\{\S/g) <= count(text, /\b(?:import|export)\s+(?:type\s+)?\{\s/g);
  return {
    format: {
      ...ts.getDefaultFormatCodeSettings(text.includes('\r\n') ? '\r\n' : '\n'),
      convertTabsToSpaces: indent !== '\t',
      indentSize: indent === '\t' ? 4 : indent.length,
      tabSize: indent === '\t' ? 4 : indent.length,
      semicolons: semicolons ? ts.SemicolonPreference.Insert : ts.SemicolonPreference.Remove,
      insertSpaceAfterOpeningAndBeforeClosingNonemptyBraces: isSpaced,
    },
    preferences: {
      quotePreference: count(text, /"[^"'\n]*"/g) > count(text, /'[^"'\n]*'/g) ? 'double' : 'single',
      importModuleSpecifierPreference: 'shortest',
      preferTypeOnlyAutoImports: isMarkingTypes,
      allowTextChangesInNewFiles: false,
      providePrefixAndSuffixTextForRename: false,
    },
  };
}

export function marksTypes(text: string): boolean {
  return /^import type\b/m.test(text);
}

/** The most common step of leading white space; two spaces where there is none. */
function indentOf(text: string): string {
  const steps = new Map<string, number>();
  let last = '';
  for (const line of text.split('\n').slice(0, 2_000)) {
    if (line.trim() === '' || line.startsWith(' *')) continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (indent.length > last.length) {
      const step = indent.startsWith('\t') ? '\t' : indent.slice(last.length);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    last = indent;
  }
  return [...steps].toSorted((one, two) => two[1] - one[1])[0]?.[0] ?? '  ';
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
