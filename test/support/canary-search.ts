import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { connectDatabase } from '../../src/core/db/index.ts';
import { createSilentLog } from '../../src/core/log.ts';

/** Files below a folder that hold the text, or are named by it, as they lie on the disk. */
export function filesWith(folder: string, text: string): string[] {
  const found: string[] = [];
  const visit = (path: string): void => {
    const stat = lstatSync(path);
    if (path.includes(text) || (stat.isFile() && readFileSync(path).includes(text))) found.push(path);
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  visit(folder);
  return found;
}

/** Whether any object of a repository, unpacked, holds the text. */
export function hasObjectWith(gitDir: string, text: string): boolean {
  const args = ['--git-dir', gitDir, 'cat-file', '--batch', '--batch-all-objects', '--buffer'];
  return execFileSync('git', args, { maxBuffer: 1024 ** 3 }).includes(text);
}

const tableRow = z.object({ name: z.string() });
const countRow = z.object({ count: z.number() });

/** Tables of a database, of whatever schema, of which a row holds the text; how many were looked at. */
export async function tablesWith(
  url: string,
  text: string,
): Promise<{ readonly found: string[]; readonly tables: number }> {
  const database = await connectDatabase({ url, log: createSilentLog(), max: 1 });
  try {
    const sql = `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;
    const tables = await database.query(tableRow, sql, []);
    const found: string[] = [];
    for (const { name } of tables) {
      const counting = `select count(*)::integer as count from ${name} t where position($1 in t::text) > 0`;
      const [row] = await database.query(countRow, counting, [text]);
      if (row !== undefined && row.count > 0) found.push(name);
    }
    return { found, tables: tables.length };
  } finally {
    await database.close();
  }
}
