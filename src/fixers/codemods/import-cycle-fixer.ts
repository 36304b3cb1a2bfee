import type { Fix, Fixer, FixPlace, FixTarget } from '../fixer.ts';
import { findPlaceText } from '../place-files.ts';
import { sameJavaScript } from './same-javascript.ts';
import { asTypeImport } from './type-import.ts';

const MAX_STEPS = 20;

/**
 * Turns an import on the way round a cycle into `import type`, where the file uses what it imports as types alone. Where
 * the compiler makes the same JavaScript of both, nothing can change at run time.
 */
export function createImportCycleFixer(): Fixer {
  return {
    name: 'lightdom:type-import',
    canFix: (target) => target.rule === 'graph/import-cycle' && stepsOf(target).length > 0,
    fix: (target, place) => fix(target, place),
    close: async () => {},
  };
}

async function fix(target: FixTarget, place: FixPlace): Promise<readonly Fix[]> {
  const fixes: Fix[] = [];
  for (const { path, line, to } of stepsOf(target)) {
    place.signal.throwIfAborted();
    const text = await findPlaceText(place.root, path);
    const found = text === undefined ? undefined : asTypeImport({ path, text, line, to });
    if (text === undefined || found === undefined) continue;
    const isSame = await sameJavaScript(place.root, { path, before: text, after: found.text });
    fixes.push({
      fixer: 'lightdom:type-import',
      title: `Import ${found.names.join(', ')} of ${to} as types in ${path}`,
      edits: [{ path, text: found.text }],
      grade: isSame ? 'auto' : 'tests',
      evidence: [
        `${path} uses ${found.names.join(', ')} as types alone, ${found.uses} times`,
        isSame
          ? 'the compiler makes the same JavaScript of both: at run time the import was gone before'
          : `by the compiler options, ${to} is not loaded by ${path} any more`,
      ],
    });
  }
  return fixes.toSorted((a, b) => Number(b.grade === 'auto') - Number(a.grade === 'auto')).slice(0, 3);
}

interface Step {
  readonly path: string;
  readonly line: number;
  readonly to: string;
}

/** `a.ts:3`, `b.ts:1`, `a.ts`: each imports the next, at its line. */
function stepsOf({ evidence }: FixTarget): Step[] {
  const loop = evidence?.['loop'];
  const places = Array.isArray(loop) ? loop.filter((place): place is string => typeof place === 'string') : [];
  return places.slice(0, MAX_STEPS).flatMap((place, at) => {
    const [, path, line] = /^(.+):(\d+)$/.exec(place) ?? [];
    const to = places[at + 1]?.replace(/:\d+$/, '');
    return path === undefined || to === undefined ? [] : [{ path, line: Number(line), to }];
  });
}
