import { ts } from 'ts-morph';
import { judgeSpelling } from './codefix-candidates.ts';
import type { CandidateContext } from './codefix-candidates.ts';
import type { FixCandidate } from './fix-candidate.ts';
import { nodeAt, statementOf } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

/** `'nmae' does not exist in type 'Named'. Did you mean to write 'name'?` */
const KEY = /'([^'"]+)' does not exist (?:in|on) type .*\. Did you mean (?:to write )?'([^'"]+)'\?/;
/** `Type '"crcle"' is not assignable to type '"circle" | "square"'. Did you mean '"circle"'?` */
const LITERAL = /Type '"([^"]+)"' is not assignable to type .*\. Did you mean '"([^"]+)"'\?/;

/** The compiler names the key or the literal that was meant, but the Language Service offers no fix for it. */
export async function didYouMean(target: TargetDiagnostic, context: CandidateContext): Promise<FixCandidate[]> {
  const key = KEY.exec(target.message);
  const found = key === null ? wrongLiteral(target, LITERAL.exec(target.message)) : wrongKey(target, key);
  if (found === undefined) return [];
  const { node, wrong, right, choices } = found;
  const { grade, reason } = await judgeSpelling({ wrong, right, choices }, context);
  const { file, path } = target;
  const quote = ts.isStringLiteralLike(node) ? file.text.slice(node.end - 1, node.end) : '';
  const text = `${file.text.slice(0, node.getStart(file))}${quote}${right}${quote}${file.text.slice(node.end)}`;
  const title = `Change spelling to '${right}'`;
  return [{ fixer: 'lightdom:did-you-mean', title, texts: new Map([[path, text]]), grade, evidence: [reason] }];
}

interface Misspelling {
  readonly node: ts.Node;
  readonly wrong: string;
  readonly right: string;
  readonly choices: readonly string[];
}

/** A shorthand names a variable too, and stays. */
function wrongKey(target: TargetDiagnostic, [, wrong = '', right = '']: RegExpExecArray): Misspelling | undefined {
  const { project, file, start, end } = target;
  const node = nodeAt(file, start, end);
  const { parent } = node;
  const isKey = ts.isIdentifier(node) || ts.isStringLiteralLike(node);
  const isOwned = ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isJsxAttribute(parent);
  if (!isKey || !isOwned || parent.name !== node || node.text !== wrong) return undefined;
  const checker = project.program().getTypeChecker();
  const holder = parent.parent;
  const type = ts.isExpression(holder) ? checker.getContextualType(holder) : undefined;
  const types = type?.isUnionOrIntersection() === true ? type.types : type === undefined ? [] : [type];
  const choices = types.flatMap((each) => checker.getPropertiesOfType(each).map(({ name }) => name));
  return { node, wrong, right, choices: [...new Set([right, ...choices])] };
}

/** The compiler often points at what is around the literal: the one literal of that text nearest around is meant. */
function wrongLiteral(target: TargetDiagnostic, said: RegExpExecArray | null): Misspelling | undefined {
  const [, wrong = '', right = ''] = said ?? [];
  if (wrong === '') return undefined;
  const { project, file, start, end } = target;
  const node = nodeAt(file, start, end);
  const last = statementOf(node);
  for (let at = node; ; at = at.parent) {
    const [literal, ...others] = literalsIn(at, wrong);
    if (others.length > 0) return undefined;
    if (literal !== undefined) {
      const type = project.program().getTypeChecker().getContextualType(literal);
      const types = type?.isUnion() === true ? type.types : [];
      const choices = types.flatMap((each) => (each.isStringLiteral() ? [each.value] : []));
      return { node: literal, wrong, right, choices: [right, ...choices] };
    }
    if (at === last || ts.isSourceFile(at)) return undefined;
  }
}

function literalsIn(node: ts.Node, text: string): ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isStringLiteralLike(each) && each.text === text) found.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}
