import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { z } from 'zod';
import type { Fix, Fixer, FixPlace, FixTarget } from '../fixer.ts';
import { readPlaceTexts } from '../place-files.ts';
import { hasWord } from './package-facts.ts';
import { cutDependency } from './manifest-cut.ts';

/** They name every package that is installed, or say what was. */
const NO_USE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$|\.(?:md|txt)$/;
/** Their tools refuse to install while the manifest and the lock differ; npm only looks for what is missing. */
const STRICT_LOCK = /(?:^|\/)(?:pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;
const NAME = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i;

/** Removes a dependency that no text of the place names, by its name or by its commands. */
export function createDependencyFixer(): Fixer {
  return {
    name: 'lightdom:unused-dependency',
    canFix: ({ rule, symbol = '' }) => rule === 'graph/unused-dependency' && NAME.test(symbol),
    fix: (target, place) => fix(target, place),
    close: async () => {},
  };
}

async function fix(target: FixTarget, { root, signal }: FixPlace): Promise<readonly Fix[]> {
  const { path, symbol: name = '' } = target;
  const { texts, isComplete } = await readPlaceTexts(root, signal);
  const cut = cutDependency(texts.get(path) ?? '{}', name);
  // Types are global, and named by nobody.
  if (cut === undefined || !isComplete || name.startsWith('@types/')) return [];
  const commands = commandsOf(root, path, name);
  const words = [name, ...(commands ?? [])];
  if ([...texts].some((one) => isNamedIn(one, name, words))) return [];
  const isStrict = [...texts.keys()].some((other) => STRICT_LOCK.test(other));
  const isCertain = target.evidence?.['isCertain'] === true && commands !== undefined && !isStrict;
  return [
    {
      fixer: 'lightdom:unused-dependency',
      title: `Remove ${name} from ${path}`,
      edits: [{ path, text: cut }],
      grade: isCertain ? 'tests' : 'suggestion',
      evidence: [
        `${texts.size} files were read: none names ${words.join(' or ')}`,
        ...(commands === undefined ? ['it is not installed, so its commands are unknown'] : []),
        ...(isStrict ? ['the lock file must be written anew by its own tool'] : []),
      ],
    },
  ];
}

/** A manifest's own declaration of it is no use; its scripts may be one. */
function isNamedIn([path, text]: readonly [string, string], name: string, words: readonly string[]): boolean {
  if (NO_USE.test(path)) return false;
  const read = posix.basename(path) === 'package.json' ? (cutDependency(text, name) ?? text) : text;
  return words.some((word) => hasWord(read, word));
}

const manifestSchema = z.object({
  name: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
});

/** What it can be run as; undefined where it is not installed. */
function commandsOf(root: string, path: string, name: string): string[] | undefined {
  for (const folder of [posix.dirname(path), '.']) {
    try {
      const file = join(root, folder, 'node_modules', name, 'package.json');
      const { bin } = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      if (bin === undefined) return [];
      return typeof bin === 'string' ? [name.split('/').at(-1) ?? name] : Object.keys(bin);
    } catch {
      // It may be installed further out.
    }
  }
  return undefined;
}
