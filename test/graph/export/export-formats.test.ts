import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { exportInputSchema } from '../../../src/graph/export-schema.ts';
import type { ExportInput } from '../../../src/graph/export-schema.ts';
import { dotExport } from '../../../src/graph/export/dot-export.ts';
import { drawnGraph } from '../../../src/graph/export/drawn-graph.ts';
import { exportName, keepOrWrite } from '../../../src/graph/export/export-file.ts';
import { selectPart } from '../../../src/graph/export/graph-part.ts';
import { graphmlExport } from '../../../src/graph/export/graphml-export.ts';
import { jsonExport } from '../../../src/graph/export/json-export.ts';
import { mermaidExport } from '../../../src/graph/export/mermaid-export.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { failureOf } from '../../support/failure-of.ts';
import { GraphColumnsBuilder, randomGraph } from '../../support/graph-columns.ts';
import { sampleGraph, viewOf } from '../../support/sample-graph.ts';
import { parseXml } from './strict-xml.ts';

const sample = viewOf(sampleGraph().columns);
const HOSTILE = 'a"]; <b>&amp; `c` \\N #35; \u0000\uD800 end';

function partOf(view: GraphView, input: Partial<ExportInput> & Pick<ExportInput, 'format'>) {
  return selectPart(view, exportInputSchema.parse(input));
}

function hostileView(): GraphView {
  const graph = new GraphColumnsBuilder();
  const file = graph.file(`src/${HOSTILE}.ts`);
  const one = graph.node(file, 'test', { name: HOSTILE, signature: HOSTILE, doc: HOSTILE });
  graph.edge(one, graph.node(file, 'function', 'plain'), 'calls');
  return viewOf(graph.build());
}

describe('what is selected', () => {
  test('files are connected by what is in them, without loops', () => {
    const { edges } = partOf(sample, { format: 'json', level: 'file' });
    const named = edges.map((edge) => {
      return [sample.pathOf(edge.source), edge.kind, sample.pathOf(edge.target), edge.provenance, edge.count].join(' ');
    });
    expect(named).toMatchInlineSnapshot(`
      [
        "src/checkout.ts imports src/store/store.ts typed 1",
        "src/store/file-store.ts implements src/store/store.ts typed 2",
        "src/store/memory-store.ts implements src/store/store.ts syntax 1",
        "src/checkout.ts calls src/store/store.ts typed 1",
        "src/checkout.ts constructs src/store/file-store.ts typed 1",
        "src/checkout.ts type-uses src/store/store.ts typed 1",
      ]
    `);
  });

  test('a path keeps what lies inside, and counts what leads out', () => {
    const part = partOf(sample, { format: 'json', path: 'src/store' });
    expect(part.nodes.every((row) => sample.pathOf(row).startsWith('src/store/'))).toBe(true);
    expect(part.leavingEdges).toBe(4);
  });

  test('of too many nodes the most connected are kept, in their order', () => {
    const view = viewOf(randomGraph(3, 200, 900));
    const all = partOf(view, { format: 'json' });
    const degree = (row: number) => all.edges.filter(({ source, target }) => source === row || target === row).length;
    const { nodes, hiddenNodes } = partOf(view, { format: 'json', maxNodes: 10 });
    expect(hiddenNodes).toBe(view.nodeCount - 10);
    expect(nodes).toEqual(nodes.toSorted((a, b) => a - b));
    const least = Math.min(...nodes.map(degree));
    expect(all.nodes.filter((row) => !nodes.includes(row)).every((row) => degree(row) <= least + 1)).toBe(true);
  });

  test('every relation of the graph is exported, those at several places with their number', () => {
    const view = viewOf(randomGraph(4, 80, 600));
    const { edges } = partOf(view, { format: 'json' });
    expect(edges.reduce((sum, { count }) => sum + count, 0)).toBe(view.columns.edges.count);
    const calls = partOf(view, { format: 'json', kinds: ['calls'] });
    expect(new Set(calls.edges.map(({ kind }) => kind))).toEqual(new Set(['calls']));
  });
});

describe('JSON', () => {
  const documentSchema = z.object({
    format: z.literal('lightdom-graph'),
    level: z.string(),
    nodes: z.array(z.object({ id: z.string(), name: z.string() })),
    edges: z.array(z.object({ source: z.string(), target: z.string(), kind: z.string(), count: z.number() })),
  });

  test.each(['file', 'symbol'] as const)('of %ss parses, and its edges lead from node to node', (level) => {
    const view = viewOf(randomGraph(5, 80, 300));
    const part = partOf(view, { format: 'json', level });
    const text = [...jsonExport(view, part, '/w')].join('');
    const document = documentSchema.parse(JSON.parse(text));
    const ids = new Set(document.nodes.map(({ id }) => id));
    expect(document.nodes).toHaveLength(part.nodes.length);
    expect(document.edges).toHaveLength(part.edges.length);
    expect(document.edges.every(({ source, target }) => ids.has(source) && ids.has(target))).toBe(true);
    const lines = text.split('\n').filter((line) => line.startsWith('{"id"') || line.startsWith('{"source"'));
    expect(lines).toHaveLength(part.nodes.length + part.edges.length);
  });

  test('an empty part is a document all the same', () => {
    const part = partOf(sample, { format: 'json', path: 'nowhere' });
    expect(documentSchema.parse(JSON.parse([...jsonExport(sample, part, '/w')].join('')))).toMatchObject({ nodes: [] });
  });
});

describe('GraphML', () => {
  test('is well-formed, declares its keys, and its edges lead from node to node', () => {
    const view = viewOf(randomGraph(6, 80, 300));
    const part = partOf(view, { format: 'graphml' });
    const { name, attributes, children } = parseXml([...graphmlExport(view, part)].join(''));
    expect([name, attributes['xmlns']]).toEqual(['graphml', 'http://graphml.graphdrawing.org/xmlns']);
    const keys = new Set(children.filter((child) => child.name === 'key').map((key) => key.attributes['id']));
    const graph = children.find((child) => child.name === 'graph');
    const nodes = graph?.children.filter((child) => child.name === 'node') ?? [];
    const edges = graph?.children.filter((child) => child.name === 'edge') ?? [];
    const ids = new Set(nodes.map((node) => node.attributes['id']));
    expect([ids.size, edges.length]).toEqual([part.nodes.length, part.edges.length]);
    expect(edges.every(({ attributes: { source, target } }) => ids.has(source) && ids.has(target))).toBe(true);
    const used = [...nodes, ...edges].flatMap((element) => element.children.map((data) => data.attributes['key']));
    expect(new Set(used)).toEqual(keys);
  });

  test('names come back as they were, but for what XML can not say', () => {
    const view = hostileView();
    const { children } = parseXml([...graphmlExport(view, partOf(view, { format: 'graphml' }))].join(''));
    const texts = children.flatMap((child) => child.children).flatMap((node) => node.children.map(({ text }) => text));
    expect(texts).toContain(HOSTILE.replace('\u0000', '\uFFFD').replace('\uD800', '\uFFFD'));
  });
});

describe('drawings', () => {
  test('Mermaid has a box a folder, and what is not typed dashed', () => {
    const part = partOf(sample, { format: 'mermaid', kinds: ['calls', 'implements'] });
    expect([...mermaidExport(drawnGraph(sample, part))].join('')).toMatchInlineSnapshot(`
      "flowchart LR
        subgraph g0["src/store"]
          n0["store.ts"]
          n1["file-store.ts"]
          n2["memory-store.ts"]
        end
        subgraph g1["src"]
          n3["checkout.ts"]
        end
        n1 -->|implements 2| n0
        n2 -.->|implements| n0
        n3 -->|calls| n0
      "
    `);
  });

  test('DOT has a box a file', () => {
    const part = partOf(sample, { format: 'dot', level: 'symbol', path: 'src/store/{store,memory-store}.ts' });
    expect([...dotExport(drawnGraph(sample, part))].join('')).toMatchInlineSnapshot(`
      "digraph code {
        rankdir=LR;
        node [shape=box];
        subgraph cluster_0 {
          label="src/store/store.ts";
          n0 [label="file src/store/store.ts"];
          n1 [label="interface Store"];
          n2 [label="method Store.save"];
        }
        subgraph cluster_1 {
          label="src/store/memory-store.ts";
          n3 [label="file src/store/memory-store.ts"];
          n4 [label="class MemoryStore"];
          n5 [label="method MemoryStore.save"];
        }
        n5 -> n2 [label="implements", style=dashed];
      }
      "
    `);
  });

  test('no name ends its label', () => {
    const view = hostileView();
    const drawn = drawnGraph(view, partOf(view, { format: 'dot', level: 'symbol' }));
    const dot = [...dotExport(drawn)].join('');
    expect(dot).toContain(String.raw`label="test a\"]; <b>&amp;amp; ` + '`c`' + String.raw` \\N #35;`);
    for (const line of dot.split('\n')) expect(line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')).not.toContain('"');
    const mermaid = [...mermaidExport(drawn)].join('');
    expect(mermaid).toContain('["test a#34;]; #60;b#62;#38;amp; #96;c#96; \\N #35;35;');
    for (const line of mermaid.split('\n')) expect((line.match(/"/g) ?? []).length % 2).toBe(0);
  });
});

describe('files', () => {
  function folderOf(): string {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-export-')));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  test('small text comes back, more is written whole and under its name', async () => {
    const folder = join(folderOf(), 'exports');
    const target = { folder, name: 'a.json', maxInlineBytes: 10 };
    expect(await keepOrWrite(['12345', '67890'], target)).toEqual({ bytes: 10, content: '1234567890' });
    const long = ['äöü', '1234567890', Buffer.from('end')];
    const written = await keepOrWrite(long, target);
    expect(written).toEqual({ bytes: 19, file: join(folder, 'a.json') });
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('äöü1234567890end');
    // Beside it the list by which exports are deleted again.
    expect(readdirSync(folder)).toEqual(['.written', 'a.json']);
    expect(await keepOrWrite(['x'], { ...target, maxInlineBytes: 0 })).toMatchObject({
      file: target.folder + '/a.json',
    });
  });

  test('what fails or is cancelled half way leaves nothing behind', async () => {
    const folder = folderOf();
    const target = { folder, name: 'a.json', maxInlineBytes: 1 };
    function* failing(): Generator<string> {
      yield 'long enough';
      throw new Error('half way');
    }
    await expect(keepOrWrite(failing(), target)).rejects.toThrow('half way');
    const controller = new AbortController();
    function* cancelled(): Generator<string> {
      yield 'long enough';
      controller.abort(new Error('no longer wanted'));
      yield 'more';
    }
    await expect(keepOrWrite(cancelled(), { ...target, signal: controller.signal })).rejects.toThrow(
      'no longer wanted',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a folder that can not be made is told with the way out', async () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'file'), '');
    const target = { folder: join(folder, 'file'), name: 'a.json', maxInlineBytes: 1 };
    const failure = await failureOf(keepOrWrite(['long'], target));
    expect(failure).toMatchObject({ code: 'permission_denied' });
  });

  test('a name says whose graph it is, whatever the folder is called', () => {
    expect(exportName('/home/me/my shop/..evil name', [1], 'json')).toMatch(/^evil-name-[0-9a-f]{12}\.json$/);
    expect(exportName('/', [1], 'json')).toMatch(/^workspace-/);
    expect(exportName('/a', [1], 'json')).toBe(exportName('/a', [1], 'json'));
    expect(exportName('/a', [1], 'json')).not.toBe(exportName('/a', [2], 'json'));
  });
});
