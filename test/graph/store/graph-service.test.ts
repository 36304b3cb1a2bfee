import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError, describeError } from '../../../src/core/errors.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { GitReader } from '../../../src/git/index.ts';
import { searchInputSchema, symbolInputSchema, traceInputSchema } from '../../../src/graph/graph-answers.ts';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import { GraphService } from '../../../src/graph/graph-service.ts';
import { GraphStore } from '../../../src/graph/graph-store.ts';
import { indexRunKind } from '../../../src/graph/index-run.ts';
import type { GraphIndexer } from '../../../src/graph/index-run.ts';
import { MetricPool } from '../../../src/graph/metrics/metric-pool.ts';
import { createWorkflowEngine, RunService } from '../../../src/runs/run-runtime.ts';
import { GraphColumnsBuilder } from '../../support/graph-columns.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createProductDatabase } from '../../support/test-database.ts';

const SOURCE = 'export function greet() {}\nexport function hello() {\n  greet();\n}\n';

/** An engine in the hands of the test: it delivers what it is told to, when it is told to. */
class HandIndexer implements GraphIndexer {
  columns: GraphColumns = new GraphColumnsBuilder().build();
  calls = 0;
  failure: Error | undefined;
  gate: Promise<void> | undefined;
  /** Without it there is no graph by syntax: its parser does not run everywhere. */
  syntax: GraphColumns | undefined;
  syntaxCalls = 0;

  async index(...[request, options]: Parameters<GraphIndexer['index']>): Promise<GraphColumns> {
    if (request.engine === 'oxc') return this.#bySyntax();
    this.calls += 1;
    options.onProgress(1, 2, `reading ${request.root}`);
    await this.gate;
    options.signal.throwIfAborted();
    if (this.failure !== undefined) throw this.failure;
    return this.columns;
  }

  #bySyntax(): GraphColumns {
    this.syntaxCalls += 1;
    if (this.syntax === undefined) throw new AppError('unsupported', 'No parser runs here.');
    return this.syntax;
  }
}

let testDatabase: Awaited<ReturnType<typeof createProductDatabase>>;
let runs: RunService;
let store: GraphStore;
let service: GraphService;
let base = '';
let root = '';
let turn = 0;
const indexer = new HandIndexer();
const metrics = new MetricPool({ maxFileBytes: 1_000_000 });
const clock = { ms: 0 };

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-service-')));
  testDatabase = await createProductDatabase();
  const log = createSilentLog();
  const { database } = testDatabase;
  const engine = createWorkflowEngine({ database, log });
  const worker = { host: 'test', queues: [{ name: 'local', workerConcurrency: 2 }] };
  runs = new RunService({ database, engine, log, worker });
  store = new GraphStore(database);
  service = serviceOf(store);
  service.register();
  await runs.open();
});
afterAll(async () => {
  await runs.close();
  await metrics.close();
  await testDatabase.drop();
  await rm(base, { recursive: true, force: true });
});

/** Each test has a workspace of its own, with one file. */
beforeEach(async () => {
  turn += 1;
  root = join(base, `workspace-${turn}`);
  await mkdir(root);
  await writeFile(join(root, 'greet.ts'), SOURCE);
  indexer.calls = 0;
  indexer.syntaxCalls = 0;
  indexer.syntax = undefined;
  indexer.failure = undefined;
  indexer.gate = undefined;
  indexer.columns = await columnsOf(root);
});

function serviceOf(store: GraphStore): GraphService {
  const facts = { metrics, git: new GitReader() };
  const deps = { store, pool: indexer, runs, facts, log: createSilentLog(), maxFileBytes: 1_000_000 };
  return new GraphService({ ...deps, engine: 'auto', allowedRoots: [base], defaultRoot: base, now: () => clock.ms });
}

async function columnsOf(folder: string): Promise<GraphColumns> {
  const content = await readFile(join(folder, 'greet.ts'), 'utf8');
  const { size, mtimeMs } = await stat(join(folder, 'greet.ts'));
  const hash = createHash('sha256').update(content).digest('hex');
  const graph = new GraphColumnsBuilder();
  const file = graph.file('greet.ts', { hash, bytes: size, modifiedMs: mtimeMs });
  const extent = (text: string) => ({ start: content.indexOf(text), end: content.indexOf(text) + text.length });
  const greet = graph.node(file, 'function', {
    name: 'greet',
    isExported: true,
    ...extent('export function greet() {}'),
  });
  const hello = graph.node(file, 'function', { name: 'hello', isExported: true });
  graph.edge(hello, greet, 'calls');
  return { ...graph.build(), warnings: Array.from({ length: 30 }, (_, at) => `warning ${at}`) };
}

/** The same graph as syntax alone would deliver it. */
function bySyntax(columns: GraphColumns): GraphColumns {
  return { ...columns, engine: 'oxc', files: columns.files.map((file) => ({ ...file, state: 'syntax' as const })) };
}

/** The kind of run by itself, as often as a test wants. */
function bareRun() {
  const kind = indexRunKind({
    store,
    pool: indexer,
    maxFileBytes: 1_000_000,
    engine: 'auto',
    checkRoot: (folder) => Promise.resolve(folder),
    onPublished: () => {},
  });
  const unused = (): Promise<never> => Promise.reject(new Error('indexing has no such steps'));
  const context = {
    runId: `repeated-${turn}`,
    attempt: 1,
    signal: new AbortController().signal,
    progress: () => {},
    log: () => {},
    step: unused,
    transaction: unused,
    batches: unused,
    approval: unused,
    ask: unused,
    startChild: unused,
    waitForChildren: unused,
    spend: unused,
  };
  return { kind, context };
}

async function indexed(workspace: string) {
  return runs.waitFor((await service.startIndex({ workspace })).runId);
}

function search(query: string, workspace = root, of = service) {
  return of.search(searchInputSchema.parse({ workspace, query }));
}

async function textOfFailure(work: Promise<unknown>): Promise<string> {
  const failure = await failureOf(work);
  return failure instanceof AppError ? `${failure.code}: ${describeError(failure)}` : String(failure);
}

describe('indexing', () => {
  test('is a run whose result tells what was published, and the graph answers then', async () => {
    const run = await indexed(root);
    expect(run).toMatchObject({ status: 'completed', title: `Index ${root}`, progress: { unit: 'files' } });
    expect(run.result).toMatchObject({ files: 1, nodes: 3, edges: 3, typed: 1, syntax: 0, skipped: 0 });
    expect(run.result).toMatchObject({ warnings: Array.from({ length: 20 }, (_, at) => `warning ${at}`) });
    const answer = await search('greet');
    expect(answer.hits[0]).toMatchObject({ kind: 'function', name: 'greet', path: 'greet.ts' });
    expect(answer).toMatchObject({
      workspace: root,
      coverage: { engine: 'ts-morph', typed: 1, pending: 0, truncated: false },
    });
  });

  test('happens once at a time for a workspace: the second start names the first run', async () => {
    const held: { open?: () => void } = {};
    indexer.gate = new Promise((resolve) => {
      held.open = resolve;
    });
    const starts = await Promise.allSettled([
      service.startIndex({ workspace: root }),
      service.startIndex({ workspace: root }),
    ]);
    const [first] = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    expect(starts.filter((start) => start.status === 'rejected')).toHaveLength(1);
    const runId = first?.runId ?? '';
    expect(await textOfFailure(service.startIndex({ workspace: root }))).toMatch(new RegExp(`^conflict: .*${runId}`));
    expect(await textOfFailure(search('greet'))).toMatch(new RegExp(`^not_ready: .*${runId}`));
    expect(await service.summary(root)).toMatchObject({ state: 'indexing', activeRunId: runId });
    held.open?.();
    await runs.waitFor(runId);
    expect(await service.summary(root)).toMatchObject({ state: 'ready', files: 1, nodes: 3 });
    expect((await indexed(root)).status).toBe('completed');
  });

  test('that fails or is cancelled leaves the former graph', async () => {
    await indexed(root);
    const before = await search('greet');
    indexer.failure = new Error('engine broke');
    expect((await indexed(root)).status).toBe('failed');
    expect(await search('greet')).toEqual(before);
    let openGate = (): void => {};
    indexer.gate = new Promise((resolve) => {
      openGate = resolve;
    });
    const { runId } = await service.startIndex({ workspace: root });
    await runs.control(runId, { action: 'cancel' });
    openGate();
    expect((await runs.waitFor(runId)).status).toBe('cancelled');
    expect(await search('greet')).toEqual(before);
  });

  test('again replaces the graph that answers', async () => {
    await indexed(root);
    const { generation } = await search('greet');
    const graph = new GraphColumnsBuilder();
    graph.node(graph.file('greet.ts'), 'function', 'welcome');
    indexer.columns = graph.build();
    await indexed(root);
    expect((await search('greet function')).hits.map((hit) => hit.kind)).toEqual(['file']);
    expect((await search('welcome')).total).toBe(1);
    expect((await search('welcome')).generation).toBeGreaterThan(generation);
  });

  test('repeated after a crash finds what it has published and does not index again', async () => {
    const { kind, context } = bareRun();
    const first = await kind.execute({ root }, context);
    const second = await kind.execute({ root }, { ...context, attempt: 2 });
    expect(second).toEqual({ ...first, durationMs: second['durationMs'] });
    expect(indexer.calls).toBe(1);
  });

  test('of a workspace without a graph answers by syntax while types are resolved', async () => {
    const held: { open?: () => void } = {};
    indexer.syntax = bySyntax(indexer.columns);
    indexer.gate = new Promise((resolve) => {
      held.open = resolve;
    });
    const { runId } = await service.startIndex({ workspace: root });
    await expect.poll(() => service.isIndexed(root), { timeout: 30_000 }).toBe(true);
    const early = await search('greet');
    expect(early).toMatchObject({ coverage: { engine: 'oxc', typed: 0, syntax: 1 } });
    expect(await service.summary(root)).toMatchObject({ state: 'ready', activeRunId: runId, typed: 0, syntax: 1 });
    const callers = await service.trace(
      traceInputSchema.parse({ workspace: root, symbol: 'hello', direction: 'callers' }),
    );
    expect(callers.note).toContain('types are not resolved yet');
    held.open?.();
    const run = await runs.waitFor(runId);
    expect(run.result).toMatchObject({ engine: 'ts-morph', typed: 1, syntax: 0 });
    const late = await search('greet');
    expect(late).toMatchObject({ coverage: { engine: 'ts-morph', typed: 1, syntax: 0 } });
    // Whoever held on to what the first answer named finds it in the second.
    expect(late.hits[0]?.id).toBe(early.hits[0]?.id);
    await indexed(root);
    expect(indexer.syntaxCalls).toBe(1);
  });

  test('repeated after a crash behind the graph by syntax goes on to the types', async () => {
    indexer.syntax = bySyntax(indexer.columns);
    indexer.failure = new Error('the process ends here');
    const { kind, context } = bareRun();
    await expect(kind.execute({ root }, context)).rejects.toThrow('the process ends here');
    expect(await store.find(root)).toMatchObject({ engine: 'oxc' });
    indexer.failure = undefined;
    expect(await kind.execute({ root }, { ...context, attempt: 2 })).toMatchObject({ engine: 'ts-morph', typed: 1 });
    expect(await store.find(root)).toMatchObject({ engine: 'ts-morph', runId: context.runId });
    expect(indexer.syntaxCalls).toBe(1);
  });

  test('by syntax alone, when that is asked for, is not done twice', async () => {
    indexer.syntax = bySyntax(indexer.columns);
    const run = await runs.waitFor((await service.startIndex({ workspace: root, engine: 'oxc' })).runId);
    expect(run.result).toMatchObject({ engine: 'oxc', syntax: 1 });
    expect([indexer.syntaxCalls, indexer.calls]).toEqual([1, 0]);
  });

  test('is refused outside the allowed folders, and for what is not a folder', async () => {
    await expect(service.startIndex({ workspace: tmpdir() })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(service.startIndex({ workspace: 'nowhere' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(service.startIndex({ workspace: join(root, 'greet.ts') })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(indexer.calls).toBe(0);
  });
});

describe('asking', () => {
  test('a workspace that was never indexed says how to index it', async () => {
    expect(await textOfFailure(search('greet'))).toMatch(/^not_ready: .*graph_index/);
    expect(await service.summary(root)).toMatchObject({ state: 'none', nodes: 0 });
    expect(await service.isIndexed(root)).toBe(false);
  });

  test('another process loads the graph from the database, once for all who ask at once', async () => {
    await indexed(root);
    const other = serviceOf(store);
    const answers = await Promise.all(Array.from({ length: 8 }, () => search('hello', root, other)));
    expect(answers[0]).toEqual(await search('hello'));
    expect(await other.isIndexed(root)).toBe(true);
  });

  test('another process sees a new generation within seconds', async () => {
    await indexed(root);
    const other = serviceOf(store);
    const before = await search('greet', root, other);
    await indexed(root);
    expect((await search('greet', root, other)).generation).toBe(before.generation);
    clock.ms += 5_000;
    expect((await search('greet', root, other)).generation).toBeGreaterThan(before.generation);
  });

  test('a symbol comes with its text while the file is as it was indexed', async () => {
    await indexed(root);
    const input = symbolInputSchema.parse({ workspace: root, symbol: 'greet', source: true });
    expect((await service.symbol(input)).symbol).toMatchObject({
      source: 'export function greet() {}',
      counts: { callers: 1, callees: 0, references: 1 },
    });
    expect((await service.symbol({ ...input, source: false })).symbol?.source).toBeUndefined();
    await writeFile(join(root, 'greet.ts'), `${SOURCE}// edited\n`);
    clock.ms += 5_000;
    const answer = await service.symbol(input);
    expect(answer.symbol?.source).toBeUndefined();
    expect(answer.symbol?.sourceNote).toContain('changed since the index');
    expect(answer.coverage.pending).toBe(1);
  });

  test('a trace answers with coverage, and says when there is more', async () => {
    await indexed(root);
    const callers = await service.trace(
      traceInputSchema.parse({ workspace: root, symbol: 'greet', direction: 'callers' }),
    );
    expect(callers.hits).toMatchObject([{ name: 'hello', depth: 1, via: 'calls', provenance: 'typed' }]);
    const page = await service.search(searchInputSchema.parse({ workspace: root, query: '*', limit: 1 }));
    expect(page.coverage.truncated).toBe(true);
    expect(page.nextCursor).toBeDefined();
  });
});
