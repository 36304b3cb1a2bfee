import type { ts } from 'ts-morph';
import { endOfRemoval } from '../text-edits.ts';
import { marksTypes, styleOf } from './file-style.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

/** One fix that the Language Service offers, as the texts it leads to. */
export interface CodefixAction {
  /** `spelling`, `import`, … */
  readonly name: string;
  readonly title: string;
  readonly changes: readonly ts.FileTextChanges[];
  readonly texts: ReadonlyMap<string, string>;
}

export interface ActionLimits {
  /** Whether the file may be changed at all. */
  isWritable(path: string): boolean;
}

/** In the order of the service. It fails on odd code now and then: then it offers nothing. */
export function codefixActions(target: TargetDiagnostic, limits: ActionLimits): CodefixAction[] {
  const { project, path, file, code, start, end } = target;
  const { format, preferences } = styleOf(file.text, { isMarkingTypes: prefersTypeImports(target) });
  let offered: readonly ts.CodeFixAction[];
  try {
    offered = project.service.getCodeFixesAtPosition(path, start, end, [code], format, preferences);
  } catch {
    return [];
  }
  return offered.flatMap(({ fixName, description, changes, commands }) => {
    if ((commands?.length ?? 0) > 0 || changes.length === 0) return [];
    const program = project.program();
    const texts = new Map<string, string>();
    for (const { fileName, textChanges, isNewFile } of changes) {
      const before = program.getSourceFile(fileName)?.text;
      if (isNewFile === true || before === undefined || !limits.isWritable(fileName)) return [];
      texts.set(fileName, applyChanges(before, textChanges));
    }
    return [{ name: fixName, title: description, changes, texts }];
  });
}

/** Files of the project that say how types are imported. */
const STYLE_FILES = 40;

/** Whether the file, or a quarter of the others with imports, marks imports of types. */
function prefersTypeImports({ project, file }: TargetDiagnostic): boolean {
  const program = project.program();
  const texts = project.config.files.slice(0, STYLE_FILES).map((path) => program.getSourceFile(path)?.text ?? '');
  const importing = texts.filter((text) => /^import\b/m.test(text)).length;
  return marksTypes(file.text) || texts.filter(marksTypes).length * 4 >= importing;
}

/** From the end on; of two insertions at one place, the first one stands first. */
export function applyChanges(text: string, changes: readonly ts.TextChange[]): string {
  const ordered = changes.toReversed().toSorted((one, two) => two.span.start - one.span.start);
  let result = text;
  for (const { span, newText } of ordered) {
    const end = span.start + span.length;
    const rest = newText === '' ? endOfRemoval(text, { start: span.start, end }) : end;
    result = result.slice(0, span.start) + newText + result.slice(rest);
  }
  return result;
}
