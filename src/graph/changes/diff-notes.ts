import { SOURCE_EXTENSIONS } from '../discovery/source-walk.ts';
import type { GraphView } from '../query/graph-view.ts';
import type { FileImpact } from './changed-nodes.ts';

const SHOWN = 5;

interface NoteRule {
  readonly text: string;
  readonly holdsFor: (impact: FileImpact, view: GraphView) => boolean;
}

const RULES: readonly NoteRule[] = [
  {
    text: 'the index knows neither the old nor the new text, so that lines may be off by some: call graph_index',
    holdsFor: ({ mapping }) => mapping === 'rough',
  },
  {
    text: 'the index is older than the change: new symbols and new uses are not seen',
    holdsFor: ({ mapping }) => mapping === 'before',
  },
  {
    text: 'the index is newer than the change: symbols that were removed, and who used them, are not seen',
    holdsFor: ({ mapping, file }) => mapping === 'after' && file.lines.some(({ oldCount }) => oldCount > 0),
  },
  {
    text: 'source that the index does not hold',
    holdsFor: (impact) => isUnknownSource(impact) && impact.file.status !== 'deleted',
  },
  {
    text: 'deleted before the index was made: who used them is not known',
    holdsFor: (impact) => isUnknownSource(impact) && impact.file.status === 'deleted',
  },
  {
    text: 'no source code: what they change is not followed',
    holdsFor: (impact) => impact.mapping === 'none' && !isUnknownSource(impact),
  },
  {
    text: 'lines outside of known symbols (imports, statements, new code): only tests that import the file are followed',
    holdsFor: ({ looseLines }) => looseLines.length > 0,
  },
  {
    text: 'known by syntax alone, so that uses are missing',
    holdsFor: ({ fileRow }, view) => fileRow !== undefined && view.fileOf(fileRow).state === 'syntax',
  },
];

/** What an answer about a change can't know, for each reason the files that it holds for. */
export function notesOf(
  view: GraphView,
  { files, isCut, depth }: { readonly files: readonly FileImpact[]; readonly isCut: boolean; readonly depth: number },
): string[] {
  if (files.length === 0) return ['nothing was changed'];
  const notes = RULES.map(({ text, holdsFor }) => {
    const paths = files.filter((impact) => holdsFor(impact, view)).map(({ file }) => file.path);
    const rest = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
    return paths.length === 0 ? '' : `${text}: ${paths.slice(0, SHOWN).join(', ')}${rest}`;
  });
  const cut = isCut ? `more is reached within ${depth} steps than is followed` : '';
  return [...notes, cut].filter((text) => text !== '');
}

function isUnknownSource({ mapping, file }: FileImpact): boolean {
  return mapping === 'none' && SOURCE_EXTENSIONS.some((extension) => file.path.endsWith(extension));
}
