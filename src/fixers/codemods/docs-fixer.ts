import type { ts } from 'ts-morph';
import type { Fix, Fixer, FixPlace, FixTarget } from '../fixer.ts';
import { findPlaceText } from '../place-files.ts';
import { applyEdits } from '../text-edits.ts';
import { ownName } from './certainty.ts';
import { isCode } from './import-links.ts';
import { compiler, lineOf, nodesIn, parseFile } from './syntax-tree.ts';

/** Suggests where a comment is missing what it would have to say, by the signature; what it means nobody can derive. */
export function createDocsFixer(): Fixer {
  return {
    name: 'lightdom:missing-docs',
    canFix: (target) => target.rule === 'graph/missing-docs' && isCode(target.path) && ownName(target) !== undefined,
    fix: (target, place) => fix(target, place),
    close: async () => {},
  };
}

async function fix(target: FixTarget, { root }: FixPlace): Promise<readonly Fix[]> {
  const { path } = target;
  const name = ownName(target);
  const text = await findPlaceText(root, path);
  if (text === undefined || name === undefined) return [];
  const file = parseFile(path, text);
  const named = [...nodesIn(file)].filter((node) => nameOf(node) === name);
  const node = named.find((each) => lineOf(file, each) === target.line) ?? (named.length === 1 ? named[0] : undefined);
  if (node === undefined || compiler().getJSDocCommentsAndTags(node).length > 0) return [];
  const start = node.getStart(file);
  const indent = /[ \t]*$/.exec(text.slice(0, start))?.[0] ?? '';
  const lines = skeletonOf(file, node, name).map((line) => `${line}\n${indent}`);
  return [
    {
      fixer: 'lightdom:missing-docs',
      title: `Document ${target.symbol ?? name} in ${path}`,
      edits: [{ path, text: applyEdits(text, [{ start, end: start, text: lines.join('') }]) }],
      grade: 'suggestion',
      evidence: ['a skeleton from the signature: what it does has to be written by who knows'],
    },
  ];
}

type Documented =
  | ts.FunctionDeclaration
  | ts.MethodDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration;

function isDocumented(node: ts.Node): node is Documented {
  const ts = compiler();
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

function nameOf(node: ts.Node): string | undefined {
  const ts = compiler();
  const name = isDocumented(node) ? node.name : undefined;
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : undefined;
}

function skeletonOf(file: ts.SourceFile, node: ts.Node, name: string): string[] {
  const ts = compiler();
  const words = name.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  const first = `TODO: what ${words} is for.`;
  if (!ts.isFunctionDeclaration(node) && !ts.isMethodDeclaration(node)) return [`/** ${first} */`];
  const parameters = node.parameters.map((one) => ` * @param ${one.name.getText(file).replaceAll(/\s+/g, ' ')} TODO`);
  const type = node.type?.getText(file);
  const returned = type === undefined || /^(?:void|Promise<void>|never)$/.test(type) ? [] : [' * @returns TODO'];
  const thrown = [...nodesIn(node)].some(ts.isThrowStatement) ? [' * @throws TODO'] : [];
  const tags = [...parameters, ...returned, ...thrown];
  return tags.length === 0 ? [`/** ${first} */`] : ['/**', ` * ${first}`, ' *', ...tags, ' */'];
}
