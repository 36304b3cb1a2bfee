import { GraphView } from '../../src/graph/query/graph-view.ts';
import type { GraphColumns } from '../../src/graph/graph-schema.ts';
import { GraphColumnsBuilder } from './graph-columns.ts';

export function viewOf(columns: GraphColumns, generation = 1): GraphView {
  return new GraphView(columns, { generation, publishedAt: '2026-01-01T00:00:00.000Z' });
}

/**
 * A little shop: `Store` is an interface, `FileStore` and `MemoryStore` implement it, `checkout` calls `Store.save`,
 * `main` calls `checkout` and makes a `FileStore`. `format` exists twice, `orphan` is used by nobody.
 */
export function sampleGraph(): { columns: GraphColumns; rows: Record<SampleName, number> } {
  const graph = new GraphColumnsBuilder();
  const storeFile = graph.file('src/store/store.ts');
  const store = graph.node(storeFile, 'interface', { name: 'Store', isExported: true });
  const save = graph.node(store, 'method', { name: 'save', doc: 'Writes an order to the shelf.' });
  const fileStoreFile = graph.file('src/store/file-store.ts');
  const fileStore = graph.node(fileStoreFile, 'class', { name: 'FileStore', isExported: true });
  const fileStoreNew = graph.node(fileStore, 'constructor', 'constructor');
  const fileSave = graph.node(fileStore, 'method', { name: 'save', signature: 'save(order: Order): void' });
  const fileFormat = graph.node(fileStoreFile, 'function', 'format');
  const memoryFile = graph.file('src/store/memory-store.ts', { state: 'syntax', note: 'no project', unresolved: 2 });
  const memoryStore = graph.node(memoryFile, 'class', 'MemoryStore');
  const memorySave = graph.node(memoryStore, 'method', 'save');
  const shopFile = graph.file('src/checkout.ts', { unresolved: 1 });
  const checkout = graph.node(shopFile, 'function', { name: 'checkout', isExported: true });
  const main = graph.node(shopFile, 'function', 'main');
  const orphan = graph.node(shopFile, 'function', { name: 'orphanOrder', isExported: true });
  const shopFormat = graph.node(shopFile, 'function', 'format');
  graph.edge(shopFile, storeFile, 'imports');
  graph.edge(fileStore, store, 'implements');
  graph.edge(fileSave, save, 'implements');
  graph.edge(memorySave, save, { kind: 'implements', provenance: 'syntax' });
  graph.edge(checkout, save, 'calls');
  graph.edge(main, checkout, 'calls');
  graph.edge(main, fileStore, 'constructs');
  graph.edge(fileSave, fileFormat, 'calls');
  graph.edge(fileStoreNew, fileFormat, 'calls');
  graph.edge(checkout, shopFormat, 'calls');
  graph.edge(checkout, store, 'type-uses');
  const files = { storeFile, fileStoreFile, memoryFile, shopFile };
  const types = { store, save, fileStore, fileStoreNew, fileSave, memoryStore, memorySave };
  return { columns: graph.build(), rows: { ...files, ...types, fileFormat, shopFormat, checkout, main, orphan } };
}

export type SampleName =
  | 'storeFile'
  | 'store'
  | 'save'
  | 'fileStoreFile'
  | 'fileStore'
  | 'fileStoreNew'
  | 'fileSave'
  | 'fileFormat'
  | 'memoryFile'
  | 'memoryStore'
  | 'memorySave'
  | 'shopFile'
  | 'checkout'
  | 'main'
  | 'orphan'
  | 'shopFormat';
