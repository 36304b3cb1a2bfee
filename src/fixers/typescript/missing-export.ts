import { ts } from 'ts-morph';
import type { CandidateContext } from './codefix-candidates.ts';
import type { FixCandidate } from './fix-candidate.ts';
import { nodeAt } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

/** No such export; with a name that is near; with one by default. Only where it is said that it is local there is a codefix. */
const CODES: ReadonlySet<number> = new Set([2305, 2724, 2614]);

/** What is imported by its very name stands in the module, and is not exported. */
export function missingExport(
  target: TargetDiagnostic,
  { isWritable }: Pick<CandidateContext, 'isWritable'>,
): FixCandidate[] {
  const { project, file, start, end } = target;
  if (!CODES.has(target.code)) return [];
  const specifier = ts.findAncestor(
    nodeAt(file, start, end),
    (each) => ts.isImportSpecifier(each) || ts.isExportSpecifier(each),
  );
  if (specifier === undefined) return [];
  const linkage = ts.findAncestor(specifier, (each) => ts.isImportDeclaration(each) || ts.isExportDeclaration(each));
  const module = linkage?.moduleSpecifier;
  const symbol = module === undefined ? undefined : project.program().getTypeChecker().getSymbolAtLocation(module);
  const source = symbol?.declarations?.find(ts.isSourceFile);
  if (source === undefined || !isWritable(source.fileName)) return [];
  const name = (specifier.propertyName ?? specifier.name).text;
  const [declaration, ...others] = source.statements.filter((statement) => declares(statement, name));
  if (declaration === undefined || others.length > 0) return [];
  const at = declaration.getStart(source);
  const text = `${source.text.slice(0, at)}export ${source.text.slice(at)}`;
  return [
    {
      fixer: 'lightdom:missing-export',
      title: `Export \`${name}\` from the module that declares it`,
      texts: new Map([[source.fileName, text]]),
      grade: 'auto',
      evidence: [`the module declares \`${name}\` and does not export it`],
    },
  ];
}

/** Alone, not exported, and not decorated. */
function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement)) {
    const [declaration, ...others] = statement.declarationList.declarations;
    const isNamed = declaration !== undefined && ts.isIdentifier(declaration.name) && declaration.name.text === name;
    return isNamed && others.length === 0 && isPlain(statement);
  }
  const isDeclaration =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isDeclaration && statement.name?.text === name && isPlain(statement);
}

function isPlain(node: ts.HasModifiers): boolean {
  return (
    node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.Decorator) !==
    true
  );
}
