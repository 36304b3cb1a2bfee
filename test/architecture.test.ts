import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { declarationViolations, directionViolations, doorViolations, zoneOf } from './support/direction-rules.ts';
import { parseEdgeTable } from './support/edge-table.ts';
import { basenameViolations, doorContentViolations, homeViolations, lengthViolations } from './support/home-rules.ts';
import { fileEdges, findCycles, readSources } from './support/import-graph.ts';
import { rootViolations } from './support/root-entries.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const product = readSources(ROOT, ['src', 'tools', 'resources', 'prompts']);
const others = readSources(ROOT, ['test', 'scripts', 'bench']);
const edges = fileEdges(product);

describe('architecture', () => {
  test('every relative import leads to a file of the product', () => {
    const paths = new Set(product.map((source) => source.path));
    const lost = edges.filter((edge) => !paths.has(edge.to));
    expect(lost.map((edge) => `${edge.from}:${edge.line} → ${edge.to}`)).toEqual([]);
  });

  test('dependencies point from the surface down to core, and never back', () => {
    expect(directionViolations(edges)).toEqual([]);
  });

  test('edges between subsystems are the rows of the table in ARCHITECTURE.md', () => {
    const table = parseEdgeTable(readFileSync(`${ROOT}/ARCHITECTURE.md`, 'utf8'));
    expect(declarationViolations(edges, table)).toEqual([]);
  });

  test('a folder is entered through its door', () => {
    expect(doorViolations(edges)).toEqual([]);
  });

  test('a door holds names and no logic', () => {
    const doors = product.filter((source) => source.path.startsWith('src/') && source.path.endsWith('/index.ts'));
    expect(doorContentViolations(doors)).toEqual([]);
  });

  test('files do not import one another in circles', () => {
    expect(findCycles(edges)).toEqual([]);
  });

  test('folders of src do not import one another in circles', () => {
    const between = edges
      .map((edge) => ({ from: zoneOf(edge.from), to: zoneOf(edge.to) }))
      .filter((edge) => edge.from !== edge.to && edge.from !== 'root' && edge.to !== 'root');
    expect(findCycles(between)).toEqual([]);
  });

  test('what has a home is done at home', () => {
    expect(homeViolations(product)).toEqual([]);
  });

  test('files are short', () => {
    expect(lengthViolations([...product, ...others])).toEqual([]);
  });

  test('a name stands for one file', () => {
    expect(basenameViolations([...product, ...others].map((source) => source.path))).toEqual([]);
  });

  test('every dependency has its line in docs/dependencies.md, and every line its dependency', () => {
    const names = z.record(z.string(), z.string());
    const manifest = z
      .object({ dependencies: names, devDependencies: names, optionalDependencies: names })
      .parse(JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')));
    const documented = readFileSync(`${ROOT}/docs/dependencies.md`, 'utf8').matchAll(/^\| `([^`]+)` \|/gm);
    expect([...documented].map(([, name = '']) => name).toSorted()).toEqual(
      Object.values(manifest).flatMap(Object.keys).toSorted(),
    );
  });

  test('the lockfile knows every platform package; node scripts/complete-lock.js adds what npm left out', () => {
    const optional = z.record(
      z.string(),
      z.object({ optionalDependencies: z.record(z.string(), z.string()).default({}) }),
    );
    const { packages } = z
      .object({ packages: optional })
      .parse(JSON.parse(readFileSync(`${ROOT}/package-lock.json`, 'utf8')));
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies)
        .map((name) => `node_modules/${name}`)
        .filter((place) => packages[place] === undefined && packages[`${path}/${place}`] === undefined),
    );
    expect(missing).toEqual([]);
  });

  test('the root holds only what has to stand there', () => {
    expect(rootViolations(readdirSync(ROOT))).toEqual([]);
  });
});
