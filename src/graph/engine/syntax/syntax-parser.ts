import { parseSync } from 'oxc-parser';
import { KIND } from '../flat/flat-kinds.ts';
import { FlatTree } from '../flat/flat-tree.ts';
import { DocComments } from './doc-comments.ts';
import { isEsNode, nodesAt } from './estree-node.ts';
import { STATEMENT_FLATTENERS } from './flatten-declarations.ts';
import { EXPRESSION_FLATTENERS } from './flatten-expressions.ts';
import { LINKAGE_FLATTENERS } from './flatten-linkage.ts';
import { MEMBER_FLATTENERS } from './flatten-members.ts';
import { TYPE_FLATTENERS } from './flatten-types.ts';
import { Flattening } from './flattening.ts';
import { isTooDeep } from './nesting-depth.ts';

const FLATTENERS = new Map([
  ...STATEMENT_FLATTENERS,
  ...LINKAGE_FLATTENERS,
  ...MEMBER_FLATTENERS,
  ...EXPRESSION_FLATTENERS,
  ...TYPE_FLATTENERS,
]);

export interface ParsedFile {
  readonly tree: FlatTree;
  /** The first thing that is wrong, with its line; undefined when nothing is. */
  readonly error: string | undefined;
}

/**
 * Parses one file without types. A script may hold elements, as for the compiler. Throws for what nests so deeply that
 * the parser, which is native, would end the process for want of stack.
 */
export function parseSyntax(path: string, text: string): ParsedFile {
  if (isTooDeep(text)) throw new Error('nested too deeply to be parsed');
  const isScript = /\.[cm]?jsx?$/.test(path);
  const { program, comments, errors } = parseSync(path, text, {
    astType: 'ts',
    ...(isScript && { lang: 'jsx' as const }),
  });
  const into = new Flattening(text, new DocComments(text, comments), FLATTENERS);
  const root: unknown = program;
  into.node({ kind: KIND.SourceFile, pos: 0, end: text.length }, () => {
    into.list(0, isEsNode(root) ? nodesAt(root, 'body') : []);
  });
  const [first] = errors;
  const at = first?.labels[0]?.start ?? 0;
  const line = text.slice(0, at).split('\n').length;
  return {
    tree: new FlatTree({ ...into.writer.finish(), text, isScript, path: () => path }),
    error: first === undefined ? undefined : `line ${line}: ${first.message}`,
  };
}
