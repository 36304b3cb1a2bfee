import type { GraphHit } from '../graph-answers.ts';
import type { GraphView } from '../query/graph-view.ts';
import { hitOf } from '../query/hit-shapes.ts';
import type { NoteAnchor, StoredNote } from './note-schema.ts';

/**
 * Whether the symbol of a note is still there. A symbol is its id, which edits and new indexes keep and a new path or
 * name does not: a note is never hung on another symbol, at most the one that it could be is named.
 */
export function symbolAnchorOf(view: GraphView | undefined, note: StoredNote): NoteAnchor {
  const { nodeId } = note;
  if (nodeId === undefined) return { state: 'attached' };
  if (view === undefined) return { state: 'unchecked' };
  const row = view.rowOfId(nodeId);
  if (row !== undefined) return { state: 'attached', line: view.lineOf(row) };
  const candidate = candidateOf(view, note);
  return { state: 'orphaned', ...(candidate !== undefined && { candidate }) };
}

/** The only one of its kind and name in the old file, or else anywhere. */
function candidateOf(view: GraphView, { kind, name = '', path }: StoredNote): GraphHit | undefined {
  const isFile = kind === 'file';
  const wanted = isFile ? name.slice(name.lastIndexOf('/') + 1) : name;
  const last = isFile ? wanted : (name.split('.').at(-1) ?? name);
  const rows = [...new Set([...(view.rowsByName.get(wanted) ?? []), ...(view.rowsByName.get(last) ?? [])])];
  const alike = rows.filter((row) => view.kindOf(row) === kind && (isFile || view.qualifiedNameOf(row) === name));
  const inFile = alike.filter((row) => view.pathOf(row) === path);
  const [only, ...others] = inFile.length > 0 ? inFile : alike;
  return only === undefined || others.length > 0 ? undefined : hitOf(view, only);
}
