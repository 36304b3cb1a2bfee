#!/usr/bin/env node
/** Lists the benches, or runs one: `npm run bench -- NAME [options]`. */
import process from 'node:process';

const BENCHES = [
  {
    name: 'answers',
    title: 'milliseconds and size of answers about impact and callers over stdio, beside other servers',
    load: () => import('./answers.js'),
  },
  {
    name: 'edits',
    title: 'milliseconds from an edit to a graph that knows of it, beside a cold index and the sync of another indexer',
    load: () => import('./edits.js'),
  },
  {
    name: 'events',
    title: 'live events that a thousand clients get, events lost, and the memory that they take',
    load: () => import('./events.js'),
  },
  {
    name: 'graph',
    title: 'CPU, wall time and memory of a cold index with its store, beside scip-typescript and other indexers',
    load: () => import('./graph.js'),
  },
  {
    name: 'heal',
    title: 'errors put into repositories that the TypeScript fixer mends as they were, wrongly, or not at all',
    load: () => import('./heal.js'),
  },
  {
    name: 'mcp',
    title: 'calls per second, start-up and memory of the server, beside the reference server of the protocol',
    load: () => import('./mcp.js'),
  },
  {
    name: 'queries',
    title: 'callers and impact in a large graph, beside recursive SQL; storing and loading it',
    load: () => import('./queries.js'),
  },
  {
    name: 'runs',
    title: 'durable operations, steps and runs per second and their cost, beside pg-boss and graphile-worker',
    load: () => import('./durable-runs.js'),
  },
  {
    name: 'search',
    title: 'symbols found by a sentence, beside BM25 on names and beside substrings, and milliseconds a question',
    load: () => import('./search.js'),
  },
  {
    name: 'soak',
    title: 'availability and restart time of services that are killed in turn for minutes',
    load: () => import('./soak.js'),
  },
  {
    name: 'startup',
    title: 'milliseconds of a cold and a warm start by phase and service, and memory when idle',
    load: () => import('./startup.js'),
  },
  {
    name: 'status',
    title: 'requests per second of the status of a master, beside a bare route that answers the same',
    load: () => import('./status.js'),
  },
];

const [name, ...args] = process.argv.slice(2);
const bench = BENCHES.find((one) => one.name === name);
if (bench === undefined) {
  if (name !== undefined) console.error(`There is no bench "${name}".\n`);
  console.log('npm run bench -- NAME [options]     options of a bench: npm run bench -- NAME --help\n');
  for (const one of BENCHES) console.log(`  ${one.name.padEnd(10)} ${one.title}`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  const { run } = await bench.load();
  await run(args).catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
