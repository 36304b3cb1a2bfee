import { onTestFinished } from 'vitest';
import { GitReader } from '../../../src/git/index.ts';
import { FileSweep } from '../../../src/graph/file-sweep.ts';
import { GraphChanges } from '../../../src/graph/graph-changes.ts';
import type { OpenView } from '../../../src/graph/graph-views.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { createRepository } from '../../git/git-repository.ts';
import type { GitRepository } from '../../git/git-repository.ts';
import { extractFolder } from '../engine/extract-folder.ts';

const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, module: 'esnext', moduleResolution: 'bundler', target: 'es2022' },
});
const MAX_FILE_BYTES = 1_000_000;

/** A repository whose files have been indexed at some point, and the questions about its changes. */
export interface IndexedRepository extends GitRepository {
  readonly changes: GraphChanges;
  /** Makes the graph of what is there now. */
  index(): Promise<OpenView>;
}

/** Committed and indexed; gone after the test. */
export async function indexedRepository(files: Readonly<Record<string, string>>): Promise<IndexedRepository> {
  const repository = createRepository({ 'tsconfig.json': TSCONFIG, ...files });
  onTestFinished(() => repository.remove());
  const { root } = repository;
  const index = async (): Promise<OpenView> => {
    const { columns } = await extractFolder(root);
    const typed = columns.files.length;
    const counts = { files: typed, typed, syntax: 0, unresolved: 0, nodes: columns.nodes.count, edges: 0 };
    const about = {
      root,
      runId: 'r',
      engine: columns.engine,
      unresolvedPackages: [],
      warnings: [],
      revision: 0,
      nodeRows: 0,
      fileRows: 0,
    };
    const summary = { generation: 1, publishedAt: '2026-01-01T00:00:00.000Z', ...about, ...counts };
    return { root, summary, view: viewOf(columns), sweep: new FileSweep(root, columns.files, () => 0) };
  };
  let open = await index();
  const graph = { open: () => Promise.resolve(open) };
  const changes = new GraphChanges({
    graph,
    git: new GitReader(),
    maxFileBytes: MAX_FILE_BYTES,
    exportsFolder: `${root}/.exports`,
  });
  return { ...repository, changes, index: async () => (open = await index()) };
}
