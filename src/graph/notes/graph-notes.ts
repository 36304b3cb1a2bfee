import { realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../../core/key-cursor.ts';
import type { GraphService } from '../graph-service.ts';
import { unmatched } from '../query/lookup-answer.ts';
import type { GraphView } from '../query/graph-view.ts';
import { createPathFilter } from '../query/path-filter.ts';
import { lookUpSymbol } from '../query/symbol-lookup.ts';
import { isInside } from '../workspace-root.ts';
import type { NoteCounts } from './note-counts.ts';
import { symbolAnchorOf } from './note-anchor.ts';
import type {
  Note,
  NoteAnchor,
  NoteCreateAnswer,
  NoteCreateInput,
  NoteQueryAnswer,
  NoteQueryInput,
  StoredNote,
} from './note-schema.ts';
import type { NewNote, NoteFilter, NoteStore } from './note-store.ts';
import { symbolFilterOf } from './symbol-filter.ts';

export interface GraphNotesDeps {
  readonly store: NoteStore;
  readonly counts: Pick<NoteCounts, 'forget'>;
  readonly graph: Pick<GraphService, 'open' | 'rootOf' | 'findView'>;
}

type Target = Pick<NewNote, 'nodeId' | 'kind' | 'name' | 'path'>;

const positionSchema = z.tuple([z.iso.datetime({ precision: 6 }).regex(/^(?!0000)/), z.string()]);

/** The memory of agents about code: notes that stay with their symbols through edits and new indexes. */
export class GraphNotes {
  readonly #deps: GraphNotesDeps;

  constructor(deps: GraphNotesDeps) {
    this.#deps = deps;
  }

  /**
   * Remembers a text about a symbol, a path or the workspace; the same text again is the same note. Throws `not_found`
   * for a symbol or path that is not there, `invalid_input` for a name of several, `not_ready` for a symbol without index.
   */
  async create({ workspace, symbol, path, text, tags, author }: NoteCreateInput): Promise<NoteCreateAnswer> {
    const root = await this.#deps.graph.rootOf(workspace);
    const target = await this.#targetOf(root, { symbol, path });
    const unique = [...new Set(tags)].toSorted();
    const { note, isNew } = await this.#deps.store.create({
      noteId: newId(),
      root,
      text,
      tags: unique,
      author,
      ...target,
    });
    this.#deps.counts.forget();
    return { note: await this.#anchored(root, note), isNew };
  }

  /** Notes of a workspace, newest first, each with whether its symbol is still there. Throws `invalid_input`. */
  async query(input: NoteQueryInput): Promise<NoteQueryAnswer> {
    const { words, symbol, path, tag, limit, cursor } = input;
    const { store, graph } = this.#deps;
    const root = await graph.rootOf(input.workspace);
    const question = ['note_query', root, words, symbol, path, tag];
    const after = cursor === undefined ? undefined : positionOf(question, cursor);
    const filter = await this.#filterOf(root, input);
    const [found, total] = await Promise.all([store.list(filter, { after, limit: limit + 1 }), store.count(filter)]);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const notes = await Promise.all(page.map((note) => this.#anchored(root, note)));
    const note = noteOn(notes);
    return {
      workspace: root,
      notes,
      total,
      ...(last !== undefined && { nextCursor: encodeKeyCursor(question, [last.updatedAt, last.noteId]) }),
      ...(note !== undefined && { note }),
    };
  }

  /** Throws `not_found`. */
  async get(noteId: string): Promise<StoredNote> {
    return found(noteId, await this.#deps.store.find(noteId));
  }

  /** Forgets one note and returns it. Throws `not_found`. */
  async delete(noteId: string): Promise<StoredNote> {
    const deleted = await this.#deps.store.delete(noteId);
    this.#deps.counts.forget();
    return found(noteId, deleted);
  }

  async #targetOf(root: string, { symbol, path }: Pick<NoteCreateInput, 'symbol' | 'path'>): Promise<Target> {
    if (symbol !== undefined && path !== undefined) {
      throw new AppError('invalid_input', 'A note is about a symbol or about a path, not both.', {
        hint: 'Leave one of them out; `path#name` is a form of symbol.',
      });
    }
    if (symbol !== undefined) return symbolTarget((await this.#deps.graph.open(root)).view, symbol);
    if (path === undefined) return {};
    const clean = await existingPath(root, path);
    if (clean === undefined) {
      throw new AppError('not_found', `There is no ${path} in ${root}.`, {
        hint: 'Give a path relative to the workspace.',
      });
    }
    const view = (await this.#deps.graph.findView(root))?.view;
    const row = view?.rowOfFile(clean);
    if (view !== undefined && row !== undefined) return targetOf(view, row);
    return clean === '' ? {} : { path: clean };
  }

  async #filterOf(root: string, { words = '', symbol, path, tag }: NoteQueryInput): Promise<NoteFilter> {
    const view = symbol === undefined ? undefined : (await this.#deps.graph.findView(root))?.view;
    const isWanted = path === undefined ? undefined : createPathFilter(path);
    return {
      root,
      words: words.split(/\s+/).filter((word) => word !== ''),
      tag,
      paths: isWanted === undefined ? undefined : (await this.#deps.store.listPaths(root)).filter(isWanted),
      symbol: symbol === undefined ? undefined : symbolFilterOf(view, symbol),
    };
  }

  async #anchored(root: string, note: StoredNote): Promise<Note> {
    return { ...note, ...(await this.#anchorOf(root, note)) };
  }

  async #anchorOf(root: string, note: StoredNote): Promise<NoteAnchor> {
    if (note.about === 'symbol') return symbolAnchorOf((await this.#deps.graph.findView(root))?.view, note);
    const isThere = note.path === undefined || (await existingPath(root, note.path)) !== undefined;
    return { state: isThere ? 'attached' : 'orphaned' };
  }
}

function found(noteId: string, note: StoredNote | undefined): StoredNote {
  if (note !== undefined) return note;
  throw new AppError('not_found', `There is no note \`${noteId}\`; it may have been deleted.`, {
    hint: 'note_query lists notes with their noteId.',
  });
}

function positionOf(question: readonly unknown[], cursor: string): { updatedAt: string; noteId: string } {
  const [updatedAt, noteId] = decodeKeyCursor(positionSchema, question, cursor);
  return { updatedAt, noteId };
}

function symbolTarget(view: GraphView, symbol: string): Target {
  const lookup = lookUpSymbol(view, symbol);
  if (lookup.match === 'one') return targetOf(view, lookup.row);
  const { candidates, note } = unmatched(view, symbol, lookup).body;
  const choices = candidates
    .slice(0, 8)
    .map(({ id, kind, name, path, line }) => `${id} ${kind} ${name} ${path}:${line}`);
  throw new AppError(lookup.match === 'many' ? 'invalid_input' : 'not_found', note, {
    ...(choices.length > 0 && { hint: `Candidates: ${choices.join('; ')}.` }),
  });
}

function targetOf(view: GraphView, row: number): Target {
  const nodeId = view.columns.nodes.id[row] ?? '';
  return { nodeId, kind: view.kindOf(row), name: view.qualifiedNameOf(row), path: view.pathOf(row) };
}

/** Relative with forward slashes; undefined when nothing is there, or it lies outside of the workspace. */
async function existingPath(root: string, path: string): Promise<string | undefined> {
  const inside = relative(root, resolve(root, path));
  if (!isInside(root, join(root, inside))) return undefined;
  try {
    return isInside(root, await realpath(join(root, inside))) ? inside.split(sep).join('/') : undefined;
  } catch {
    return undefined;
  }
}

function noteOn(notes: readonly Note[]): string | undefined {
  if (notes.some(({ state }) => state === 'unchecked')) return 'not indexed: nobody looked whether the symbols exist';
  const orphans = notes.filter(({ state }) => state === 'orphaned').length;
  return orphans === 0
    ? undefined
    : `about what is no longer there under its name and path: ${orphans} of these ${notes.length}`;
}
