/**
 * Finds documented symbols by the first sentence of their own comment, in an index that does not hold comments: how
 * often and how far up the symbol stands, beside BM25 on names alone and beside words contained in names. Then how
 * long questions take, there and in a graph of 100,000 symbols.
 *
 * All three look among the same symbols; "everything" is LightDom's rank among fields, variables, files and tests too, as
 * graph_search answers. Several symbols with the same sentence are all right answers.
 */
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { GraphView } from '../dist/src/graph/query/graph-view.js';
import { searchSymbols } from '../dist/src/graph/query/symbol-search.js';
import { indexFolder } from './index-folder.js';
import { machine, printMachine, ROOT } from './machine.js';
import { bm25OnNames, substringInNames } from './search/baselines.js';
import { askedSymbols, misspelt, questionsOf, repeated, withoutDocs } from './search/questions.js';

/** @typedef {import('./search/questions.js').Question} Question */

const LARGE = 100_000;
const PAGE = 20;
const ROUNDS = 3;

const USAGE = `npm run bench -- search [DIR]… [--questions N] [--json]

  DIR            repository to index and ask; this repository without it
  --questions N  sentences asked, at most (400)
  --json         one JSON document instead of a table
`;

/** @param {readonly string[]} args */
export async function run(args) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      questions: { type: 'string', default: '400' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const count = Number(values.questions);
  if (values.help || !Number.isInteger(count) || count < 1) {
    console.log(USAGE);
    return;
  }
  const platform = machine(['ts-morph']);
  if (!values.json) printMachine(platform);
  const reports = [];
  for (const folder of positionals.length === 0 ? [ROOT] : positionals) {
    const report = await measure(resolve(folder), count);
    reports.push(report);
    if (!values.json) printReport(report);
  }
  if (values.json) console.log(JSON.stringify({ machine: platform, reports }, null, 2));
}

/**
 * @param {string} folder
 * @param {number} count
 */
async function measure(folder, count) {
  const columns = await indexFolder(folder);
  const whole = viewOf(columns);
  const asked = askedSymbols(whole);
  const questions = questionsOf(whole, { asked, count });
  const view = viewOf(withoutDocs(columns));
  const large = viewOf(repeated(withoutDocs(columns), LARGE));
  const buildMs = { importance: timed(() => large.importance), searchIndex: timed(() => large.searchIndex) };
  const sentences = questions.map(({ sentence }) => sentence);
  const names = [...asked].map((row) => whole.nameOf(row)).filter((_, at) => at % Math.ceil(asked.size / count) === 0);
  return {
    name: basename(folder),
    symbols: view.nodeCount,
    asked: asked.size,
    questions: questions.length,
    found: {
      LightDom: accuracy(questions, (query) => searchSymbols(view, { query }).rows.filter((row) => asked.has(row))),
      'LightDom, everything': accuracy(questions, (query) => searchSymbols(view, { query }).rows),
      'BM25 on names': accuracy(questions, bm25OnNames(whole, asked)),
      'words contained in names': accuracy(questions, substringInNames(whole, asked)),
    },
    large: { symbols: large.nodeCount, edges: large.columns.edges.count, buildMs },
    latency: {
      sentences: latency(view, sentences),
      'sentences, large': latency(large, sentences),
      'names, large': latency(large, names),
      'beginnings of names, large': latency(
        large,
        names.map((name) => name.slice(0, Math.ceil(name.length / 2))),
      ),
      'misspelt names, large': latency(large, names.filter((name) => name.length > 7).map(misspelt)),
    },
  };
}

/** @param {GraphView['columns']} columns */
function viewOf(columns) {
  return new GraphView(columns, { generation: 1, publishedAt: '' });
}

/**
 * @param {readonly Question[]} questions
 * @param {(query: string) => readonly number[]} search
 */
function accuracy(questions, search) {
  const places = questions.map(({ sentence, answers }) => search(sentence).findIndex((row) => answers.has(row)) + 1);
  /** @param {(place: number) => number} value */
  const mean = (value) => places.reduce((sum, place) => sum + (place === 0 ? 0 : value(place)), 0) / places.length;
  return {
    meanReciprocalRank: mean((place) => 1 / place),
    first: mean((place) => (place === 1 ? 1 : 0)),
    amongTen: mean((place) => (place <= 10 ? 1 : 0)),
  };
}

/**
 * Milliseconds of the first page, once the code is warm: of each query the fastest round, since the others tell what else
 * the machine did.
 * @param {GraphView} view
 * @param {readonly string[]} queries
 */
function latency(view, queries) {
  const ask = () => queries.map((query) => timed(() => searchSymbols(view, { query }, PAGE)));
  ask();
  const rounds = Array.from({ length: ROUNDS }, ask);
  const best = queries.map((_, at) => Math.min(...rounds.map((times) => times[at] ?? Number.NaN)));
  const times = best.toSorted((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { queries: times.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** @param {() => unknown} work */
function timed(work) {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

/** @param {Awaited<ReturnType<typeof measure>>} report */
function printReport({ name, symbols, asked, questions, found, large, latency }) {
  console.log(`\n${name}: ${symbols} symbols; ${questions} sentences, to be found among ${asked} symbols`);
  console.log('                              MRR     first   among 10');
  for (const [engine, { meanReciprocalRank, first, amongTen }] of Object.entries(found)) {
    const figures = [meanReciprocalRank, first, amongTen].map((figure) => figure.toFixed(3).padEnd(8));
    console.log(`${engine.padEnd(30)}${figures.join('')}`);
  }
  const { importance, searchIndex } = large.buildMs;
  console.log(`large: ${large.symbols} symbols, ${large.edges} relations, the same repository several times over;`);
  console.log(`built once: PageRank ${importance.toFixed(0)} ms, search index ${searchIndex.toFixed(0)} ms`);
  console.log(`ms a query, fastest of ${ROUNDS}       p50     p95     max     queries`);
  for (const [what, { p50, p95, max, queries }] of Object.entries(latency)) {
    const figures = [p50, p95, max].map((figure) => figure.toFixed(2).padEnd(8));
    console.log(`${what.padEnd(30)}${figures.join('')}${queries}`);
  }
}
