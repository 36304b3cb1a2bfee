import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { matchesGlob } from './glob-match.ts';
import { readSmallText } from './small-text.ts';

/** The rules of one ignore file; they apply to what lies below `folder`. */
export interface IgnoreFile {
  readonly folder: string;
  readonly rules: readonly IgnoreRule[];
}

interface IgnoreRule {
  readonly glob: string;
  readonly isNegated: boolean;
  readonly folderOnly: boolean;
}

/**
 * The ignore files in force at the root itself: those of the git work tree around it, outermost first. Undefined when
 * the root is in no work tree and has no ignore file, so that nothing says which folders are build output. A work tree
 * that ignores the root has no say in it, as when a home folder is one and ignores everything.
 */
export function readIgnoreFilesAround(root: string): IgnoreFile[] | undefined {
  const folders: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (existsSync(`${folder}/.git`)) {
      const exclude = parseIgnoreFile(folder, readSmallText(`${folder}/.git/info/exclude`) ?? '');
      const files = [exclude, ...folders.slice(0, -1).flatMap(readIgnoreFile)];
      if (!folders.slice(1).some((inside) => isIgnored(files, inside, true))) return files;
      break;
    }
    if (dirname(folder) === folder) break;
  }
  return existsSync(`${root}/.gitignore`) ? [] : undefined;
}

/** The `.gitignore` of one folder as a list of none or one. */
export function readIgnoreFile(folder: string): IgnoreFile[] {
  const text = readSmallText(`${folder}/.gitignore`);
  return text === undefined ? [] : [parseIgnoreFile(folder, text)];
}

export function parseIgnoreFile(folder: string, text: string): IgnoreFile {
  const rules = text.split(/\r?\n/).flatMap((line) => {
    const rule = parseRule(line);
    return rule === undefined ? [] : [rule];
  });
  return { folder, rules };
}

/** Whether git would ignore the path, given all files in force from the outermost to the innermost; the last rule wins. */
export function isIgnored(files: readonly IgnoreFile[], path: string, isFolder: boolean): boolean {
  let ignored = false;
  for (const { folder, rules } of files) {
    if (!path.startsWith(folder === '/' ? folder : `${folder}/`)) continue;
    const inside = path.slice(folder === '/' ? 1 : folder.length + 1);
    for (const rule of rules) {
      if (rule.isNegated !== ignored || (rule.folderOnly && !isFolder)) continue;
      if (matchesGlob(rule.glob, inside)) ignored = !rule.isNegated;
    }
  }
  return ignored;
}

function parseRule(line: string): IgnoreRule | undefined {
  const trimmed = line.replace(/(?<!\\)\s+$/, '');
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const isNegated = trimmed.startsWith('!');
  const pattern = (isNegated ? trimmed.slice(1) : trimmed).replace(/^\\(?=[#!])/, '');
  const folderOnly = pattern.endsWith('/');
  const body = folderOnly ? pattern.slice(0, -1) : pattern;
  if (body === '') return undefined;
  const anchored = body.includes('/') ? body.replace(/^\//, '') : `**/${body}`;
  // `a/**` means what is inside of `a`, not `a` itself.
  const glob = anchored.replace(/\/\*\*$/, '/**/*');
  return { glob, isNegated, folderOnly };
}
