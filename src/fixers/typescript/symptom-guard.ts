import { ts } from 'ts-morph';
import type { FixGrade } from '../fixer.ts';
import type { CodefixAction } from './codefix-actions.ts';
import type { PriorTexts } from './prior-texts.ts';
import { nodeAt } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

interface SymptomContext {
  readonly prior: PriorTexts;
  readonly files: ReadonlyMap<string, string>;
}

interface Judgement {
  readonly grade: FixGrade;
  readonly reason: string;
}

/**
 * `override` where nothing is overridden is wrong by itself only in a class that extends none: else the base class, or its
 * member, may be what has gone.
 */
export async function overrideOpinion(
  { title }: CodefixAction,
  { file, path, start, end }: TargetDiagnostic,
  { prior, files }: SymptomContext,
): Promise<Judgement> {
  if (!title.startsWith('Remove')) return { grade: 'auto', reason: 'the base class has the member' };
  const member = ts.findAncestor(nodeAt(file, start, end), ts.isClassElement);
  const owner = member?.parent;
  if (owner === undefined || !ts.isClassLike(owner)) return { grade: 'suggestion', reason: 'it is in no class' };
  const isHeir = owner.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) === true;
  if (!isHeir) {
    const former = await prior.former(path, file.text);
    const name = owner.name?.text ?? '';
    const hadBase = former.some((text) => extendsSomething(path, text, name));
    if (hadBase) return { grade: 'suggestion', reason: `\`${name}\` extended a class until lately` };
    return { grade: 'auto', reason: 'the class extends none' };
  }
  const name = member?.name === undefined ? '' : member.name.getText(file);
  const isKnown = (await prior.all(path)).length > 0;
  if (!isKnown)
    return { grade: 'suggestion', reason: 'there is no history to say whether the base class had the member' };
  if (await prior.wasDropped(name, files)) {
    return { grade: 'suggestion', reason: `a class had \`${name}\` until lately: it may be what is missing` };
  }
  return { grade: 'auto', reason: `no earlier version of the base class has \`${name}\`` };
}

/** A name that was declared until lately is not a member without its `this.`. */
export async function thisOpinion(
  { file, start, end }: TargetDiagnostic,
  { prior, files }: SymptomContext,
): Promise<Judgement> {
  const name = file.text.slice(start, end);
  if (await prior.wasDropped(name, files)) {
    return { grade: 'suggestion', reason: `\`${name}\` was declared until lately: that may be what is missing` };
  }
  return { grade: 'auto', reason: `\`${name}\` is a member of the class and nothing else` };
}

function extendsSomething(path: string, text: string, name: string): boolean {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false);
  let isFound = false;
  const visit = (node: ts.Node): void => {
    const isNamed = ts.isClassLike(node) && node.name?.text === name;
    if (isNamed && node.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) === true)
      isFound = true;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return isFound;
}
