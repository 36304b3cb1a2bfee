import { constructed, nodesByPlace, usesOf } from './graph-uses.js';

/** @typedef {import('../../dist/src/graph/graph-schema.js').GraphColumns} GraphColumns */
/** @typedef {import('./graph-uses.js').Use} Use */
/** @typedef {import('./scip-index.js').Occurrence} Occurrence */

/**
 * @typedef {object} Agreement
 * @property {number} agreeing places where one of our targets is one of the reference's
 * @property {number} disagreeing places where none is
 * @property {number} unknown places of ours where the reference has nothing
 * @property {number} further targets of ours, at agreeing places, that the reference does not have: it knows one
 *   member of a union, and of `{ name }` either the variable or the property
 * @property {number} found references to nodes of the graph that we have, too
 * @property {number} wanted references to nodes of the graph
 * @property {Use[]} wrong those at disagreeing places
 * @property {string[]} missed places and symbols of those not found
 */

/**
 * Our uses against a SCIP index of the same files, place by place.
 * @param {GraphColumns} columns
 * @param {readonly Occurrence[]} occurrences
 * @returns {Agreement}
 */
export function agreementWith(columns, occurrences) {
  const meant = nodesOfSymbols(columns, occurrences);
  /** @type {Map<string, Set<number>>} */
  const theirs = new Map();
  /** @type {Map<string, Set<number>>} */
  const ours = new Map();
  const uses = usesOf(columns);
  for (const { place, target } of uses) add(ours, place, constructed(columns, target));
  const references = comparable(occurrences, meant);
  const bound = nodesOfLocals(occurrences, meant);
  for (const { place, symbol } of references) {
    for (const row of meant.get(symbol) ?? bound.get(symbol) ?? [-1]) add(theirs, place, row);
  }
  const judged = [...ours].map(([place, rows]) => {
    const known = theirs.get(place);
    return { place, known, further: [...rows].filter((row) => known?.has(row) !== true).length, count: rows.size };
  });
  const known = judged.filter((each) => each.known !== undefined);
  const disagreeing = new Set(known.filter(({ further, count }) => further === count).map(({ place }) => place));
  const wanted = references.filter(({ symbol }) => meant.has(symbol));
  const missed = wanted.filter(({ place, symbol }) => !meant.get(symbol)?.some((row) => ours.get(place)?.has(row)));
  return {
    agreeing: known.length - disagreeing.size,
    disagreeing: disagreeing.size,
    unknown: judged.length - known.length,
    further: known.reduce((sum, { place, further }) => sum + (disagreeing.has(place) ? 0 : further), 0),
    found: wanted.length - missed.length,
    wanted: wanted.length,
    wrong: uses.filter(({ place }) => disagreeing.has(place)),
    missed: missed.map(({ place, symbol }) => `${place} ${symbol}`),
  };
}

/**
 * The references that say something about the graph's nodes, each once, however many projects have its file. Left out is
 * what nobody can follow; what `declare module '…'` adds to something, beside that itself: of merged declarations the
 * graph knows one; and, of `{ name }`, which also defines a property, the reference to a local variable, which is no node.
 * @param {readonly Occurrence[]} occurrences
 * @param {ReadonlyMap<string, readonly number[]>} meant
 */
function comparable(occurrences, meant) {
  const once = [...new Map(occurrences.map((each) => [Object.values(each).join(' '), each])).values()];
  const defining = new Set(once.filter(({ isDefinition }) => isDefinition).map(({ place }) => place));
  const originals = new Set(once.filter(({ symbol }) => !isAugmenting(symbol)).map(({ place }) => place));
  const isLost = lostSymbols(once);
  return once.filter(({ place, symbol, isDefinition }) => {
    if (isDefinition || isLost(symbol) || (isAugmenting(symbol) && originals.has(place))) return false;
    return !isLocal(symbol) || meant.has(symbol) || !defining.has(place);
  });
}

/**
 * Symbols that nobody can follow: SCIP calls them local to a document and they are defined in another; they are the
 * repository's own and defined nowhere, because each project numbers type literals anew; or they are variables that
 * `const { name } = …` makes of such.
 * @param {readonly Occurrence[]} occurrences
 */
function lostSymbols(occurrences) {
  const definitions = occurrences.filter(({ isDefinition }) => isDefinition);
  const defined = new Set(definitions.map(({ symbol }) => symbol));
  const packages = new Set([...defined].filter((symbol) => !isLocal(symbol)).map(packageOf));
  /** @param {string} symbol */
  const isUndefined = (symbol) => !defined.has(symbol) && (isLocal(symbol) || packages.has(packageOf(symbol)));
  const places = new Set(occurrences.filter(({ symbol }) => isUndefined(symbol)).map(({ place }) => place));
  const bound = new Set(
    definitions.filter(({ place, symbol }) => isLocal(symbol) && places.has(place)).map(({ symbol }) => symbol),
  );
  /** @param {string} symbol */
  return (symbol) => isUndefined(symbol) || bound.has(symbol);
}

/** @param {string} symbol */
function isLocal(symbol) {
  return symbol.includes(' local ');
}

/** @param {string} symbol */
function isAugmenting(symbol) {
  return /`['"][^`]*['"]`\//.test(symbol);
}

/**
 * Scheme, manager, name and version.
 * @param {string} symbol
 */
function packageOf(symbol) {
  return symbol.split(' ', 4).join(' ');
}

/**
 * What the names of `const { name } = await import('…')` stand for: at its definition such a name is a reference, too.
 * @param {readonly Occurrence[]} occurrences
 * @param {ReadonlyMap<string, readonly number[]>} meant
 */
function nodesOfLocals(occurrences, meant) {
  const places = new Map(
    occurrences.filter(({ symbol, isDefinition }) => isDefinition && isLocal(symbol)).map((each) => [each.place, each]),
  );
  /** @type {Map<string, number[]>} */
  const bound = new Map();
  for (const { place, symbol, isDefinition } of occurrences) {
    const local = isDefinition ? undefined : places.get(place);
    const rows = meant.get(symbol);
    if (local === undefined || rows === undefined || isLocal(symbol)) continue;
    bound.set(local.symbol, [...(bound.get(local.symbol) ?? []), ...rows]);
  }
  return bound;
}

/**
 * The nodes that stand where a symbol is defined.
 * @param {GraphColumns} columns
 * @param {readonly Occurrence[]} occurrences
 */
function nodesOfSymbols(columns, occurrences) {
  const rows = nodesByPlace(columns);
  /** @type {Map<string, number[]>} */
  const meant = new Map();
  for (const { place, symbol, isDefinition } of occurrences) {
    if (!isDefinition) continue;
    const found = (rows.get(place) ?? []).map((row) => constructed(columns, row));
    if (found.length > 0) meant.set(symbol, [...(meant.get(symbol) ?? []), ...found]);
  }
  return meant;
}

/**
 * @param {Map<string, Set<number>>} map
 * @param {string} key
 * @param {number} row
 */
function add(map, key, row) {
  const rows = map.get(key);
  if (rows === undefined) map.set(key, new Set([row]));
  else rows.add(row);
}
