import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { ts } from 'ts-morph';
import type { CandidateContext } from './codefix-candidates.ts';
import type { FixCandidate } from './fix-candidate.ts';
import { isOnlyNear } from './name-choices.ts';
import { nodeAt } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

const NO_MODULE = 2307;
const EXTENSION = /(?:\.d)?\.[cm]?[jt]sx?$|\.json$/;
const SOURCES = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '/index.ts', '/index.tsx', '/index.js'];

/**
 * A relative import of a file that is not there, where one file of its folder has a name that it can only be meant for. A file
 * that was there until lately was moved or deleted: that is another matter.
 */
export async function nearModule(target: TargetDiagnostic, { prior }: CandidateContext): Promise<FixCandidate[]> {
  const { file, path, start, end } = target;
  const node = nodeAt(file, start, end);
  if (target.code !== NO_MODULE || !ts.isStringLiteralLike(node) || !/^\.\.?\//.test(node.text)) return [];
  const wrong = posix.basename(node.text).replace(EXTENSION, '');
  const wanted = posix.join(posix.dirname(path), node.text);
  const names = modulesIn(posix.dirname(wanted)).filter(
    (name) => posix.join(posix.dirname(wanted), name) !== bare(path),
  );
  const right = names.find((name) => isOnlyNear(wrong, name, names));
  if (right === undefined) return [];
  const at = node.getStart(file) + 1 + node.text.lastIndexOf(wrong);
  const text = `${file.text.slice(0, at)}${right}${file.text.slice(at + wrong.length)}`;
  const gone = await wasThere(bare(wanted), prior);
  return [
    {
      fixer: 'lightdom:near-module',
      title: `Import from a file named \`${right}\``,
      texts: new Map([[path, text]]),
      grade: gone ? 'suggestion' : 'auto',
      evidence: [
        gone
          ? `there was a file \`${wrong}\`: it was moved or deleted`
          : `\`${right}\` is the only file within two edits of \`${wrong}\``,
      ],
    },
  ];
}

async function wasThere(stem: string, prior: CandidateContext['prior']): Promise<boolean> {
  for (const ending of SOURCES) if ((await prior.all(`${stem}${ending}`)).length > 0) return true;
  return false;
}

function bare(path: string): string {
  return path.replace(EXTENSION, '');
}

/** Names by which files and folders of a folder can be imported. */
function modulesIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
    const names = entries
      .filter((entry) => entry.isDirectory() || EXTENSION.test(entry.name))
      .map(({ name }) => bare(name));
    return [...new Set(names)];
  } catch {
    return [];
  }
}
