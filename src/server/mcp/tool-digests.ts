import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Catalog } from '../../surface/index.ts';
import { createSurfaceListing } from './surface-listing.ts';

const digestsSchema = z.object({ all: z.string(), tools: z.record(z.string(), z.string()) });

/**
 * SHA-256 of what agents are told of each tool (name, description, hints, schemas, as canonical JSON), and of these together.
 * Who has reviewed the tools once sees by it whether they are still the same.
 */
export type ToolDigests = z.infer<typeof digestsSchema>;

export function toolDigests(catalog: Catalog): ToolDigests {
  const { tools } = createSurfaceListing(catalog);
  const each = Object.fromEntries(tools.map(({ tool, shown }) => [tool.name, sha256(canonicalJson(shown()))]));
  return { all: sha256(canonicalJson(each)), tools: each };
}

export interface ToolRecord {
  /** Where the digests of the last start are kept. */
  readonly file: string;
  readonly catalog: Catalog;
  readonly log: Log;
}

/** Says in the log how the tools differ from those of the last start, and keeps what they are now. Fails no start. */
export function recordTools({ file, catalog, log }: ToolRecord): void {
  const digests = toolDigests(catalog);
  const former = formerDigests(file);
  if (former?.all === digests.all) return;
  if (former !== undefined) log.warn(changesSince(former, digests), 'the tools are not those of the last start');
  try {
    const draft = `${file}.${newId()}`;
    writeFileSync(draft, JSON.stringify(digests), { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    log.error({ err: error, file }, 'the digests of the tools can not be kept');
  }
}

function formerDigests(file: string): ToolDigests | undefined {
  try {
    return digestsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function changesSince(former: ToolDigests, current: ToolDigests) {
  const names = Object.keys(current.tools);
  return {
    digest: current.all,
    added: names.filter((name) => !Object.hasOwn(former.tools, name)),
    changed: names.filter((name) => Object.hasOwn(former.tools, name) && former.tools[name] !== current.tools[name]),
    removed: Object.keys(former.tools).filter((name) => !Object.hasOwn(current.tools, name)),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
