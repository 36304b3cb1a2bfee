import { z } from 'zod';
import { storableText } from '../../core/db/index.ts';
import type { Database, Queryable } from '../../core/db/index.ts';
import { AppError } from '../../core/errors.ts';
import { storedNoteSchema } from './note-schema.ts';
import type { StoredNote } from './note-schema.ts';
import type { SymbolFilter } from './symbol-filter.ts';

/** More than anyone reads; a loop that writes notes for ever ends here. */
const MAX_NOTES = 10_000;

export interface NewNote extends Pick<StoredNote, 'noteId' | 'nodeId' | 'kind' | 'name' | 'path'> {
  readonly root: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly author: string;
}

export interface NoteFilter {
  readonly root: string;
  /** All of them must occur, in any case. */
  readonly words: readonly string[];
  readonly tag: string | undefined;
  readonly paths: readonly string[] | undefined;
  readonly symbol: SymbolFilter | undefined;
}

/** The place of a note in the order of all. */
export interface NotePosition {
  readonly updatedAt: string;
  readonly noteId: string;
}

const optionalText = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);
const noteRow = storedNoteSchema.extend({
  nodeId: optionalText,
  kind: optionalText,
  name: optionalText,
  path: optionalText,
});

/** Microseconds, as the order compares them. */
const moment = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `n.note_id as "noteId", n.node_id as "nodeId", n.node_kind as kind, n.qualified_name as name, n.path,
  n.text, n.tags, n.author, ${moment('n.created_at')} as "createdAt", ${moment('n.updated_at')} as "updatedAt",
  case when n.node_id is not null then 'symbol' when n.path is not null then 'path' else 'workspace' end as about`;

/** Parameters 1 to 7, in the order of `filterValues`. */
const FROM = `from lightdom.graph_note n join lightdom.workspace w on w.id = n.workspace_id
  where w.root = $1
    and not exists (
      select 1 from unnest($2::text[]) as wanted (word)
      where position(lower(word) in lower(concat_ws(' ', n.text, array_to_string(n.tags, ' '), n.qualified_name))) = 0
    )
    and ($3::text is null or $3 = any (n.tags))
    and ($4::text[] is null or n.path = any ($4))
    and (
      $5::text[] is null or n.node_id = any ($5) or n.node_id <> all ($7::text[]) and exists (
        select 1 from unnest($6::text[]) as sought (name)
        where n.qualified_name = name or right(n.qualified_name, length(name) + 1) = '.' || name
          or starts_with(n.qualified_name, name || '.')
      )
    )`;

/** Notes in Postgres. They belong to workspaces, not to generations. */
export class NoteStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The same words of the same author about the same thing are one note; it gets the new tags. Throws `limit_reached`. */
  async create(note: NewNote): Promise<{ readonly note: StoredNote; readonly isNew: boolean }> {
    return this.#db.transaction(async (transaction) => {
      const workspaceId = await workspaceIdOf(transaction, note.root);
      const sql = `insert into lightdom.graph_note as n
          (note_id, workspace_id, node_id, node_kind, qualified_name, path, text, tags, author)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (workspace_id, coalesce(node_id, ''), coalesce(path, ''), author, md5(text)) do update set
          tags = excluded.tags,
          updated_at = case when n.tags = excluded.tags then n.updated_at else clock_timestamp() end
        returning ${COLUMNS}`;
      const { noteId, nodeId = null, kind = null, name = null, path = null } = note;
      const texts = [name, path, note.text].map((text) => (text === null ? null : storableText(text)));
      const tags = note.tags.map(storableText);
      const values = [noteId, workspaceId, nodeId, kind, ...texts, tags, storableText(note.author)];
      const [row] = await transaction.query(noteRow, sql, values);
      if (row === undefined) throw new Error('The note was not stored.');
      await assertRoom(transaction, workspaceId);
      return { note: row, isNew: row.noteId === noteId };
    });
  }

  /** Newest first. */
  async list(filter: NoteFilter, page: { readonly after: NotePosition | undefined; readonly limit: number }) {
    const sql = `select ${COLUMNS} ${FROM}
        and ($8::timestamptz is null or (n.updated_at, n.note_id) < ($8, $9::text))
      order by n.updated_at desc, n.note_id desc limit $10`;
    const { after, limit } = page;
    const values = [...filterValues(filter), after?.updatedAt ?? null, after?.noteId ?? null, limit];
    return this.#db.query(noteRow, sql, values);
  }

  async count(filter: NoteFilter): Promise<number> {
    const sql = `select count(*)::integer as total ${FROM}`;
    const [row] = await this.#db.query(z.object({ total: z.number() }), sql, filterValues(filter));
    return row?.total ?? 0;
  }

  /** Of a workspace, by the ids of symbols. */
  async countByNode(root: string): Promise<ReadonlyMap<string, number>> {
    const sql = `select n.node_id as id, count(*)::integer as total
      from lightdom.graph_note n join lightdom.workspace w on w.id = n.workspace_id
      where w.root = $1 and n.node_id is not null group by n.node_id`;
    const rows = await this.#db.query(z.object({ id: z.string(), total: z.number() }), sql, [root]);
    return new Map(rows.map(({ id, total }) => [id, total]));
  }

  /** Every path that some note of the workspace is about. */
  async listPaths(root: string): Promise<string[]> {
    const sql = `select distinct n.path from lightdom.graph_note n join lightdom.workspace w on w.id = n.workspace_id
      where w.root = $1 and n.path is not null`;
    return (await this.#db.query(z.object({ path: z.string() }), sql, [root])).map(({ path }) => path);
  }

  async find(noteId: string): Promise<StoredNote | undefined> {
    const sql = `select ${COLUMNS} from lightdom.graph_note n where n.note_id = $1`;
    return (await this.#db.query(noteRow, sql, [storableText(noteId)]))[0];
  }

  /** The note that was deleted, if there was one. */
  async delete(noteId: string): Promise<StoredNote | undefined> {
    const sql = `delete from lightdom.graph_note n where n.note_id = $1 returning ${COLUMNS}`;
    return (await this.#db.query(noteRow, sql, [storableText(noteId)]))[0];
  }
}

function filterValues({ root, words, tag, paths, symbol }: NoteFilter): unknown[] {
  const names = symbol?.names.map(storableText) ?? [];
  const storableWords = words.map(storableText);
  const storableTag = tag === undefined ? null : storableText(tag);
  return [root, storableWords, storableTag, paths ?? null, symbol?.nodeIds ?? null, names, symbol?.livingIds ?? []];
}

async function workspaceIdOf(db: Queryable, root: string): Promise<number> {
  await db.execute('insert into lightdom.workspace (root) values ($1) on conflict do nothing', [root]);
  const sql = 'select id from lightdom.workspace where root = $1';
  const [row] = await db.query(z.object({ id: z.number() }), sql, [root]);
  if (row === undefined) throw new Error(`Workspace ${root} has no row.`);
  return row.id;
}

async function assertRoom(db: Queryable, workspaceId: number): Promise<void> {
  const sql = 'select count(*)::integer as total from lightdom.graph_note where workspace_id = $1';
  const [row] = await db.query(z.object({ total: z.number() }), sql, [workspaceId]);
  if (row === undefined || row.total <= MAX_NOTES) return;
  throw new AppError('limit_reached', `The workspace has ${MAX_NOTES} notes; it can't have more.`, {
    hint: 'Find old ones with note_query and delete them with note_delete.',
  });
}
