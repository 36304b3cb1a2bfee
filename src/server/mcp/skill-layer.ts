import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { CacheHint, Server } from '@modelcontextprotocol/server';
import {
  skillEntry,
  SKILLS_EXTENSION_ID,
  SKILLS_GET_METHOD,
  SKILLS_LIST_METHOD,
} from '@modelcontextprotocol/server/ext/skills';
import { z } from 'zod';
import type { Prompt, Skill } from '../../surface/index.ts';
import type { Page } from './list-page.ts';

/**
 * The Skills extension (SEP-2640): playbooks as files that agents pick by themselves. They are resources as well, for who
 * knows nothing of skills.
 */
export const SKILLS_EXTENSION = SKILLS_EXTENSION_ID;

const MIME_TYPE = 'text/markdown';

const listSchema = z.looseObject({ cursor: z.string().max(2_000).optional() });
const getSchema = z.looseObject({ uri: z.string().max(2_048) });

type SkillEntry = Awaited<ReturnType<typeof skillEntry>>;

/** The skills of a surface. Made once: digests are not computed for every server that is built. */
export interface SkillShelf {
  /** As `resources/list` shows them. */
  readonly resources: readonly {
    readonly uri: string;
    readonly name: string;
    readonly description: string;
    readonly mimeType: string;
    readonly size: number;
  }[];
  /** The file at this URI. */
  read(uri: string): { readonly uri: string; readonly mimeType: string; readonly text: string } | undefined;
  entries(): Promise<readonly SkillEntry[]>;
}

export function createSkillShelf(prompts: readonly Prompt[]): SkillShelf {
  const skills = new Map(prompts.flatMap(({ skill }) => (skill === undefined ? [] : [[uriOf(skill), skill] as const])));
  let entries: Promise<readonly SkillEntry[]> | undefined;
  return {
    resources: [...skills].map(([uri, { name, description, text }]) => ({
      uri,
      name,
      description,
      mimeType: MIME_TYPE,
      size: Buffer.byteLength(text),
    })),
    read(uri) {
      const skill = skills.get(uri);
      return skill === undefined ? undefined : { uri, mimeType: MIME_TYPE, text: skill.text };
    },
    entries() {
      entries ??= Promise.all([...skills.values()].map(({ name, text }) => skillEntry(name, { 'SKILL.md': text })));
      return entries;
    },
  };
}

interface ServedSkills {
  readonly server: Server;
  readonly shelf: SkillShelf;
  readonly page: Page;
}

/** `cache` says how long newer clients may keep the answers; older ones know nothing of it. */
export function serveSkills({ server, shelf, page }: ServedSkills, cache: Required<CacheHint>): void {
  server.setRequestHandler(SKILLS_LIST_METHOD, { params: listSchema }, async ({ cursor }, request) => {
    const { items, ...rest } = page(await shelf.entries(), cursor, request);
    return { skills: items, ...rest, ...cache };
  });
  server.setRequestHandler(SKILLS_GET_METHOD, { params: getSchema }, async ({ uri }) => {
    const skill = (await shelf.entries()).find((entry) => entry.uri === uri);
    if (skill === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no skill at ${uri}.`);
    return { skill, ...cache };
  });
}

function uriOf({ name }: Skill): string {
  return `skill://${name}/SKILL.md`;
}
