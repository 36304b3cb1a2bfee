import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { exportInputSchema } from '../../../src/graph/export-schema.ts';
import { kindsOf, selectPart } from '../../../src/graph/export/graph-part.ts';
import { ProtobufMessage } from '../../../src/graph/export/protobuf-message.ts';
import { scipExport } from '../../../src/graph/export/scip-export.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { createRepository } from '../../git/git-repository.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { extractFolder } from '../engine/extract-folder.ts';
import { decodeScip, indexWithScip } from './scip-oracle.ts';
import type { ScipIndex } from './scip-oracle.ts';

const COMPILER = { strict: true, module: 'esnext', moduleResolution: 'bundler', target: 'es2022', jsx: 'preserve' };
const FILES = {
  'package.json': JSON.stringify({ name: '@acme/zoo', version: '1.2.3' }),
  'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER }),
  'src/animal.ts': `/** Makes a noise. */
export interface Animal {
  sound(): string;
  readonly legs: number;
}
export class Dog implements Animal {
  readonly legs = 4;
  constructor(readonly name: string) {}
  sound() { return bark(this.name); }
  static of(name: string) { return new Dog(name); }
}
export class Puppy extends Dog {
  override sound() { return super.sound() + '!'; }
}
function bark(name: string) { return name + ' barks'; }
export enum Size { Small, Large }
export type Pack = readonly Animal[];
export const famous = Dog.of('Laika');
`,
  'src/zoo.ts': `import { Dog as Hound, famous, Size } from './animal';
import type { Pack } from './animal';
export const pack: Pack = [new Hound('Rex'), famous];
export function noise(): string[] { return pack.map((one) => one.sound()); }
export const size = Size.Large;
`,
  'test/zoo.test.ts': `import { noise } from '../src/zoo';
declare function test(name: string, run: () => void): void;
test('is loud', () => { noise(); });
`,
};

async function exported(root: string, view: GraphView, path?: string) {
  const input = exportInputSchema.parse({ format: 'scip', path });
  const isExact: boolean[] = [];
  const onFile = (file: { readonly isExact: boolean }): unknown => isExact.push(file.isExact);
  const chunks: Buffer[] = [];
  const options = { root, mask: kindsOf(input), maxFileBytes: 1_000_000, onFile };
  for await (const chunk of scipExport(view, selectPart(view, input), options)) chunks.push(chunk);
  return { index: decodeScip(Buffer.concat(chunks)), isExact };
}

describe('a SCIP index', () => {
  let ours: ScipIndex;
  let theirs: ScipIndex;
  let root = '';

  beforeAll(async () => {
    const repository = createRepository(FILES);
    root = repository.root;
    theirs = indexWithScip(root);
    ours = (await exported(root, viewOf((await extractFolder(root)).columns))).index;
    return () => repository.remove();
  });

  test('is read by an independent reader, and says who made it', () => {
    expect(ours.metadata).toMatchObject({ version: 0, project_root: `file://${root}`, text_document_encoding: 1 });
    expect(ours.metadata.tool_info.name).toBe('lightdom');
    expect(ours.documents.map(({ relative_path, language }) => [relative_path, language])).toEqual([
      ['src/animal.ts', 'TypeScript'],
      ['src/zoo.ts', 'TypeScript'],
      ['test/zoo.test.ts', 'TypeScript'],
    ]);
  });

  test('names symbols by package, path and containers, with their signatures and bases', () => {
    const symbols = ours.documents[0]?.symbols ?? [];
    expect(symbols.map(({ symbol }) => symbol)).toMatchInlineSnapshot(`
      [
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Animal#",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Animal#sound().",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Animal#legs.",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Dog#",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Dog#legs.",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Dog#\`<constructor>\`().",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Dog#name.",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Dog#sound().",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Dog#of().",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Puppy#",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Puppy#sound().",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/bark().",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Size#",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Size#Small.",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Size#Large.",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/Pack#",
        "lightdom npm @acme/zoo 1.2.3 src/\`animal.ts\`/famous.",
      ]
    `);
    const beginning = 'lightdom npm @acme/zoo 1.2.3 src/`animal.ts`/';
    const find = (name: string) => symbols.find(({ symbol }) => symbol === beginning + name);
    expect(find('Animal#')?.documentation).toEqual(['```ts\nexport interface Animal\n```', 'Makes a noise.']);
    const base = { symbol: `${beginning}Animal#sound().`, is_reference: true, is_implementation: true };
    expect(find('Dog#sound().')?.relationships).toEqual([base]);
    expect(find('Dog#')?.relationships).toMatchObject([{ symbol: `${beginning}Animal#`, is_reference: false }]);
  });

  test('every occurrence is of a symbol that is defined once or more', () => {
    const all = ours.documents.flatMap(({ occurrences }) => occurrences);
    const defined = new Set(all.filter(({ symbol_roles: roles }) => (roles & 1) === 1).map(({ symbol }) => symbol));
    const told = new Set(ours.documents.flatMap(({ symbols }) => symbols.map(({ symbol }) => symbol)));
    expect(all.filter(({ symbol }) => !defined.has(symbol) || !told.has(symbol))).toEqual([]);
  });

  test('ranges and symbols are those of scip-typescript, but for what the graph sees otherwise', () => {
    const own = new Set(placesOf(ours));
    const other = new Set(placesOf(theirs));
    // Parameters are locals to us, and a parameter property is the property.
    const isParameter = (place: string): boolean => /\(\w+\)$/.test(place);
    expect([...other].filter((place) => !own.has(place) && !isParameter(place))).toEqual([
      // The name that an import gives is no use of what it names.
      'src/zoo.ts 0:16:21 src/`animal.ts`/Dog#',
    ]);
    expect([...own].filter((place) => !other.has(place))).toEqual([
      'src/animal.ts 7:23:27 src/`animal.ts`/Dog#name.',
      'src/animal.ts 8:29:33 src/`animal.ts`/Dog#name.',
      // Who makes an object uses the class as well as its constructor.
      'src/animal.ts 9:39:42 src/`animal.ts`/Dog#',
      'src/zoo.ts 2:31:36 src/`animal.ts`/Dog#',
    ]);
  });

  test('an import, and what stands in a test, are told as such', () => {
    const roles = (path: string, name: string) =>
      ours.documents
        .find((document) => document.relative_path === path)
        ?.occurrences.filter(({ symbol }) => symbol.endsWith(name))
        .map(({ symbol_roles }) => symbol_roles);
    expect(roles('src/zoo.ts', 'Dog#')).toEqual([2, 0]);
    expect(roles('test/zoo.test.ts', 'noise().')).toEqual([34, 32]);
  });
});

test('lengths are those of declared names where a file was changed since', async () => {
  const repository = createRepository(FILES);
  onTestFinished(() => repository.remove());
  const { columns } = await extractFolder(repository.root);
  repository.write({ 'src/zoo.ts': '' });
  const { index, isExact } = await exported(repository.root, viewOf(columns), 'src/zoo.ts');
  expect(isExact).toEqual([false]);
  const [document] = index.documents;
  expect(document?.occurrences.find(({ symbol }) => symbol.endsWith('pack.'))?.range).toEqual([2, 13, 17]);
});

test('numbers of more than 32 bits and empty messages are written as protobuf has them', () => {
  const message = new ProtobufMessage()
    .number(1, 2 ** 40 + 5)
    .number(2, 0)
    .message(3, new ProtobufMessage());
  expect([...message.toBytes()]).toEqual([0x08, 0x85, 0x80, 0x80, 0x80, 0x80, 0x20, 0x1a, 0x00]);
  expect([...new ProtobufMessage().numbers(1, [0, 127, 300]).toBytes()]).toEqual([0x0a, 4, 0, 127, 0xac, 2]);
});

/** Path, range and descriptor of each occurrence of a symbol of the package. */
function placesOf(index: ScipIndex): string[] {
  return index.documents
    .flatMap(({ relative_path: path, occurrences }) =>
      occurrences
        .filter(({ symbol }) => symbol.includes(' @acme/zoo 1.2.3 '))
        .map(({ range, symbol }) => `${path} ${range.join(':')} ${symbol.split(' 1.2.3 ')[1] ?? ''}`),
    )
    .toSorted();
}
