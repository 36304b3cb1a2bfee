import type { ts } from 'ts-morph';
import type { Fix, Fixer, FixPlace, FixTarget } from '../fixer.ts';
import { readPlaceTexts } from '../place-files.ts';
import { gradeOf, ownName } from './certainty.ts';
import { countReferences, cutNodes, declarationsOf, isExported } from './declaration-cut.ts';
import { cutExport } from './export-cut.ts';
import { deadFiles } from './dead-files.ts';
import { LinkMemory } from './link-memory.ts';
import { isCode } from './import-links.ts';
import { compiler, isBroken, lineOf, nodesIn, parseFile } from './syntax-tree.ts';
import { PlaceUses } from './use-proof.ts';
import type { UseProof } from './use-proof.ts';

/** Deletes declarations, members and files that nothing uses, where all texts of the place prove it. */
export function createDeadCodeFixer(): Fixer {
  const memory = new LinkMemory();
  return {
    name: 'lightdom:dead-code',
    canFix: ({ rule, path }) => rule === 'graph/dead-code' && isCode(path),
    fix: (target, place) => fix(target, place, memory),
    close: async () => memory.clear(),
  };
}

async function fix(target: FixTarget, { root, signal }: FixPlace, memory: LinkMemory): Promise<readonly Fix[]> {
  const uses = new PlaceUses(await readPlaceTexts(root, signal), memory);
  const text = uses.texts.get(target.path);
  if (text === undefined || /\.d\.[cm]?ts$/.test(target.path)) return [];
  return target.message.startsWith('file ') ? deadFiles(target, uses) : deadSymbol(target, uses, text);
}

async function deadSymbol(target: FixTarget, uses: PlaceUses, text: string): Promise<readonly Fix[]> {
  const { path } = target;
  const name = ownName(target);
  if (name === undefined) return [];
  const file = parseFile(path, text);
  const cut = (await topLevel(file, name, uses)) ?? inner(file, { name, line: target.line }, uses);
  if (cut === undefined || isBroken(path, cut.text)) return [];
  const also = cut.also.length === 0 ? [] : [`removed with it, as nothing else names them: ${cut.also.join(', ')}`];
  return [
    {
      fixer: 'lightdom:dead-code',
      title: `Delete ${target.symbol ?? name} from ${path}`,
      edits: [{ path, text: cut.text }],
      grade: gradeOf(target),
      evidence: [...cut.reasons, ...also],
    },
  ];
}

interface DeadCut {
  readonly text: string;
  readonly also: readonly string[];
  readonly reasons: readonly string[];
}

async function topLevel(file: ts.SourceFile, name: string, uses: PlaceUses): Promise<DeadCut | undefined> {
  const declared = declarationsOf(file, name);
  if (declared.length === 0 || countReferences(file, name, declared) > 0) return undefined;
  if (declared.some(isExported)) {
    const { isProven, reasons } = await uses.proveExportUnused(file.fileName, name);
    const cut = isProven ? cutExport(file.fileName, file.text, name) : 'in use';
    return typeof cut === 'string' || cut.how === 'export' ? undefined : { ...cut, reasons };
  }
  if (!declared.every(isAlone)) return undefined;
  const cut = cutNodes(file, declared);
  return cut && { ...cut, reasons: [`${name} is not exported, and its file does not use it`] };
}

/** A member of a class, or what a function or block declares for itself. */
function inner(
  file: ts.SourceFile,
  { name, line }: { readonly name: string; readonly line: number | undefined },
  uses: PlaceUses,
): DeadCut | undefined {
  const found = [...nodesIn(file)].filter((node) => node.parent !== file && nameOf(node) === name);
  const there = found.length === 1 ? found : found.filter((node) => lineOf(file, node) === line);
  const [node] = there;
  if (node === undefined || there.length > 1) return undefined;
  const proof = proofFor(file, node, { name, uses });
  const cut = proof.isProven ? cutNodes(file, [node]) : undefined;
  return cut && { ...cut, reasons: proof.reasons };
}

function proofFor(
  file: ts.SourceFile,
  node: ts.Node,
  { name, uses }: { readonly name: string; readonly uses: PlaceUses },
): UseProof {
  const ts = compiler();
  if (!ts.isClassElement(node)) {
    const isUnused = isAlone(node) && countReferences(file, name, [node]) === 0;
    return { isProven: isUnused, reasons: [`nothing in the file refers to ${name}`] };
  }
  const mentions = [...nodesIn(file)].filter(
    (each) => each !== node && isMention(each, name) && !(each.pos >= node.pos && each.end <= node.end),
  );
  if (mentions.length > 0) return { isProven: false, reasons: [] };
  if (isPrivate(node)) return { isProven: true, reasons: [`${name} is private, and its file does not name it`] };
  // What it inherits from, or what decorates it, may call a member that nobody names.
  const { parent } = node;
  const isBound = (ts.isClassLike(parent) && (parent.heritageClauses ?? []).length > 0) || isDecorated(parent);
  return isBound ? { isProven: false, reasons: [] } : uses.proveNowhereNamed(name, file.fileName);
}

function isMention(node: ts.Node, name: string): boolean {
  const ts = compiler();
  return (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node)) && node.text === name;
}

function nameOf(node: ts.Node): string | undefined {
  const ts = compiler();
  if (ts.isVariableStatement(node)) {
    const [one, ...more] = node.declarationList.declarations;
    return one !== undefined && more.length === 0 && ts.isIdentifier(one.name) ? one.name.text : undefined;
  }
  const isNamed =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node);
  const name = isNamed ? node.name : undefined;
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : undefined;
}

function isAlone(node: ts.Node): boolean {
  const ts = compiler();
  return !ts.isVariableStatement(node) || node.declarationList.declarations.length === 1;
}

function isPrivate(node: ts.ClassElement): boolean {
  const ts = compiler();
  if (node.name !== undefined && ts.isPrivateIdentifier(node.name)) return true;
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
}

function isDecorated(node: ts.Node): boolean {
  const ts = compiler();
  return ts.canHaveDecorators(node) && (ts.getDecorators(node) ?? []).length > 0;
}
