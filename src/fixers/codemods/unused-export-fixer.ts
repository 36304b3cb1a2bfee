import type { Fix, Fixer, FixPlace, FixTarget } from '../fixer.ts';
import { readPlaceTexts } from '../place-files.ts';
import { gradeOf, ownName } from './certainty.ts';
import { cutExport } from './export-cut.ts';
import { LinkMemory } from './link-memory.ts';
import { isCode } from './import-links.ts';
import { PlaceUses } from './use-proof.ts';

/**
 * Takes back an export that no other file uses, or deletes what its own file does not use either. What packages offer is
 * never touched, and what can't be proven by all texts of the place is none of its business.
 */
export function createUnusedExportFixer(): Fixer {
  const memory = new LinkMemory();
  return {
    name: 'lightdom:unused-export',
    canFix: (target) => target.rule === 'graph/unused-export' && isCode(target.path) && ownName(target) !== undefined,
    fix: (target, place) => fix(target, place, memory),
    close: async () => memory.clear(),
  };
}

async function fix(target: FixTarget, { root, signal }: FixPlace, memory: LinkMemory): Promise<readonly Fix[]> {
  const { path } = target;
  const name = ownName(target);
  const uses = new PlaceUses(await readPlaceTexts(root, signal), memory);
  const text = uses.texts.get(path);
  if (text === undefined || name === undefined || /\.d\.[cm]?ts$/.test(path)) return [];
  const { isProven, reasons } = await uses.proveExportUnused(path, name);
  if (!isProven) return [];
  const cut = cutExport(path, text, name);
  if (typeof cut === 'string') return [];
  const isWord = cut.how === 'export';
  const also = cut.also.length === 0 ? [] : [`removed with it, as nothing else names them: ${cut.also.join(', ')}`];
  return [
    {
      fixer: 'lightdom:unused-export',
      title: isWord ? `Do not export ${name} from ${path}` : `Delete ${name} from ${path}`,
      edits: [{ path, text: cut.text }],
      grade: gradeOf(target),
      evidence: [
        ...reasons,
        isWord ? `${name} is used in its own file` : `${name} is used nowhere, and making it does nothing`,
        ...also,
      ],
    },
  ];
}
