import type { Fix, FixTarget } from '../fixer.ts';
import { gradeOf } from './certainty.ts';
import type { PlaceUses } from './use-proof.ts';

/** A larger island is nothing that is deleted unseen. */
const MAX_FILES = 6;

/** Deletes a file with those that import it, as long as nothing else does and nothing names any of them. */
export async function deadFiles(target: FixTarget, uses: PlaceUses): Promise<readonly Fix[]> {
  const island = await islandOf(target.path, uses);
  if (island === undefined || !uses.packages.saysWhatItOffers) return [];
  for (const path of island) {
    if (uses.packages.whyOffered(path) !== undefined || uses.othersNaming(path).length > 0) return [];
  }
  const others = island.length === 1 ? '' : ` and ${island.length - 1} that only import one another`;
  return [
    {
      fixer: 'lightdom:dead-code',
      title: `Delete ${target.path}${others}`,
      edits: island.map((path) => ({ path, text: undefined })),
      grade: gradeOf(target),
      evidence: [
        `${uses.texts.size} files were read: no other imports ${island.join(', ')}`,
        'no package offers them, and no script, page or configuration names them',
      ],
    },
  ];
}

/** Undefined where it grows too large: then it is a part of the program. */
async function islandOf(path: string, uses: PlaceUses): Promise<string[] | undefined> {
  const island = new Set([path]);
  // The set grows while it is walked.
  for (const one of island) {
    for (const importer of await uses.importersOf(one)) island.add(importer);
    if (island.size > MAX_FILES) return undefined;
  }
  return [...island].toSorted();
}
