import type { Note, NoteCreateAnswer, NoteQueryAnswer, StoredNote } from './note-schema.ts';

/** Enough to know a note by. */
const MAX_QUOTE = 120;

/** Notes as compact text: what each is about, and below it what it says. */
export function renderNotes({ notes, total, nextCursor, note }: NoteQueryAnswer): string {
  if (total === 0) return 'no notes';
  const more = nextCursor === undefined ? [] : [`${notes.length} of ${total}, more: cursor=${nextCursor}`];
  return [...notes.map(renderNote), ...more, ...(note === undefined ? [] : [`note: ${note}`])].join('\n');
}

export function renderNoteCreated({ note, isNew }: NoteCreateAnswer): string {
  return `${isNew ? 'remembered' : 'known already'}: ${renderNote(note)}`;
}

export function renderNoteDeleted(note: StoredNote): string {
  return `deleted: ${headOf(note)}`;
}

/** What its deletion is, in a sentence: what it is about, whose it is and how it begins. */
export function noteDeletion(note: StoredNote): string {
  const [line = ''] = note.text.split('\n');
  const start = line.length > MAX_QUOTE ? `${line.slice(0, MAX_QUOTE)}…` : line;
  return `Delete the note ${headOf(note)} "${start}"`;
}

function renderNote(note: Note): string {
  const candidate = note.candidate;
  const perhaps =
    candidate === undefined
      ? []
      : [`  perhaps now ${candidate.kind} ${candidate.name} ${candidate.path}:${candidate.line} (${candidate.id})`];
  const state = note.state === 'attached' ? '' : ` ${note.state.toUpperCase()}`;
  const text = note.text.split('\n').map((line) => `  ${line}`);
  return [`${headOf(note)}${state}`, ...text, ...perhaps].join('\n');
}

function headOf(note: StoredNote & { readonly line?: number | undefined }): string {
  const tags = note.tags.length === 0 ? '' : ` [${note.tags.join(', ')}]`;
  return `${note.noteId} ${subjectOf(note)}${tags} ${note.author} ${note.updatedAt.slice(0, 16)}Z`;
}

function subjectOf(note: StoredNote & { readonly line?: number | undefined }): string {
  if (note.about === 'workspace') return 'workspace';
  if (note.about === 'path' || note.kind === 'file') return `path ${note.path}`;
  return `${note.kind} ${note.name} ${note.path}${note.line === undefined ? '' : `:${note.line}`}`;
}
