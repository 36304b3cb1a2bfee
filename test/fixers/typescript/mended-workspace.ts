import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FixTarget } from '../../../src/fixers/fixer.ts';
import { CompiledPlace } from '../../../src/fixers/typescript/fix-place.ts';
import type { JudgedFix } from '../../../src/fixers/typescript/fix-candidate.ts';
import { PriorTexts } from '../../../src/fixers/typescript/prior-texts.ts';
import { messageOfDiagnostic } from '../../../src/fixers/typescript/target-diagnostic.ts';
import { fixesFor } from '../../../src/fixers/typescript/target-fixes.ts';

type Files = Readonly<Record<string, string>>;

export interface MendRequest {
  /** The workspace as it is. */
  readonly files: Files;
  /** Files as they were one version ago; the others never were otherwise. Without it there is no history. */
  readonly before?: Files;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly path?: string;
  readonly budgetMs?: number;
}

export interface MendedWorkspace {
  readonly root: string;
  /** `path:line TScode message` of each error. */
  errors(): readonly string[];
  /** What is offered for the first error of that code. */
  offers(code: number): Promise<readonly JudgedFix[]>;
  /** What is offered for what another than the compiler has found. */
  offersFor(target: FixTarget): Promise<readonly JudgedFix[]>;
  apply(fix: JudgedFix | undefined): void;
  read(path: string): string;
  remove(): void;
}

const OPTIONS = {
  target: 'es2022',
  lib: ['es2022'],
  types: [],
  module: 'esnext',
  moduleResolution: 'bundler',
  strict: true,
  noUnusedLocals: true,
  noImplicitOverride: true,
  noEmit: true,
};

/** A real folder and the real compiler, in this thread. */
export function createMendedWorkspace({
  files,
  before,
  options,
  path: only,
  budgetMs = 60_000,
}: MendRequest): MendedWorkspace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-mend-')));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions: { ...OPTIONS, ...options } }));
  for (const [path, text] of Object.entries(files)) write(path, text);
  const place = new CompiledPlace(root);
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const ask = (path: string): Promise<readonly string[]> => {
    const former = before?.[path];
    return Promise.resolve(former === undefined ? [files[path] ?? ''] : [files[path] ?? '', former]);
  };
  const offersFor = (target: FixTarget): Promise<readonly JudgedFix[]> => {
    const prior = new PriorTexts(place.root, before === undefined ? undefined : ask);
    return fixesFor({ target, place, prior, deadlineMs: performance.now() + budgetMs });
  };
  const found = () => {
    place.refresh(join(root, only ?? 'a.ts'));
    return place.allFiles().flatMap((absolute) => {
      const [project] = place.owners([absolute]);
      const diagnostics = project?.diagnosticsOf(absolute) ?? [];
      return diagnostics.map((diagnostic) => ({
        path: absolute.slice(root.length + 1),
        code: diagnostic.code,
        line: (diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0) + 1,
        message: messageOfDiagnostic(diagnostic),
      }));
    });
  };
  return {
    root,
    read,
    errors: () => found().map(({ path, line, code, message }) => `${path}:${line} TS${code} ${message}`),
    offers: async (wanted) => {
      const error = found().find(({ code, path }) => code === wanted && (only === undefined || only === path));
      if (error === undefined) throw new Error(`There is no TS${wanted}: ${JSON.stringify(found())}`);
      const { path, line, message } = error;
      return offersFor({ source: 'typescript', rule: `ts/${wanted}`, path, line, message });
    },
    offersFor,
    apply: (fix) => {
      for (const { path, text } of fix?.edits ?? []) write(path, text ?? '');
    },
    remove: () => {
      place.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
