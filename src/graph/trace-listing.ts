import type { GraphTraceHit, TraceAnswer, TraceListing } from './graph-answers.ts';
import type { EdgeKind, NodeKind } from './graph-schema.ts';

/**
 * The hits of a trace as an agent reads them: a line a file with the names in it, and beside a name only what differs. Some
 * clients give the text of an answer to the model and others its structured content, so both hold these lines.
 */
export function listingOf(answer: TraceAnswer, hasObjects = false): TraceListing {
  const { hits, match, candidates, direction, ...rest } = answer;
  const isPath = direction === 'path' || direction === 'paths';
  const style: ListingStyle = {
    usual: mostFrequent(hits.map(({ via }) => via)),
    // What a change reaches is looked at by symbol; the line of a use is a question about that symbol.
    hasUses: direction !== 'impact',
  };
  return {
    direction,
    match,
    ...(candidates.length > 0 && { candidates: [...candidates] }),
    ...rest,
    ...(hits.length > 0 && !isPath && { form: formOf(hits, style) }),
    hits: isPath ? hits.map(stepLine) : fileLines(hits, style),
    listed: hits.length,
    ...(hasObjects && { objects: [...hits] }),
  };
}

interface ListingStyle {
  readonly usual: EdgeKind | undefined;
  readonly hasUses: boolean;
}

/** Of these the name, or the relation over which they are reached, tells enough. */
const EVIDENT_KINDS: ReadonlySet<NodeKind> = new Set(['function', 'method', 'constructor', 'class', 'component']);
/** Other names, as those of tests, are quoted, so that their ends can be seen. */
const PLAIN_NAME = /^[\w$#]+(?:\.[\w$#]+)*$/;

function formOf(hits: readonly GraphTraceHit[], { usual, hasUses }: ListingStyle): string {
  const isMixed = hits.some(({ via }) => via !== usual);
  return [
    `path name:line${hasUses ? '@use' : ''}`,
    ...(hits.some(({ depth }) => depth > 1) ? ['/steps if over 1'] : []),
    `by ${usual}${isMixed ? ' unless said' : ''}`,
    ...(hits.some(({ confidence }) => confidence !== undefined) ? ['?n: possible by dispatch, n % likely'] : []),
  ].join(', ');
}

/** A folder with several of the files is a line of its own, and they stand below it, indented. */
function fileLines(hits: readonly GraphTraceHit[], style: ListingStyle): string[] {
  const files = [...groupedBy(hits, ({ path }) => path)].map(([path, inFile]) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const containers = groupedBy(inFile, (hit) => containerOf(hit) ?? hit);
    const entries = [...containers.values()].map((group) => containerEntry(group, style));
    return { folder: path.slice(0, path.length - name.length), text: `${name} ${entries.join(' ')}` };
  });
  const lines: string[] = [];
  for (const [folder, inFolder] of groupedBy(files, (file) => file.folder)) {
    const isShared = folder !== '' && inFolder.length > 1;
    if (isShared) lines.push(folder);
    for (const { text } of inFolder) lines.push(`${isShared ? ' ' : folder}${text}`);
  }
  return lines;
}

/** Members of one class are `Class.{a:1 b:2}`. */
function containerEntry(group: readonly GraphTraceHit[], style: ListingStyle): string {
  const [first] = group;
  const container = first === undefined ? undefined : containerOf(first);
  if (group.length === 1 || container === undefined)
    return group.map((hit) => entryOf(hit, writtenName(hit), style)).join(' ');
  const members = group.map((hit) => entryOf(hit, hit.name.slice(container.length + 1), style));
  return `${container}.{${members.join(' ')}}`;
}

function containerOf({ kind, name }: GraphTraceHit): string | undefined {
  const end = name.lastIndexOf('.');
  return kind === 'file' || end < 0 || !PLAIN_NAME.test(name) ? undefined : name.slice(0, end);
}

function entryOf(hit: GraphTraceHit, name: string, { usual, hasUses }: ListingStyle): string {
  const { kind, line, useLine, depth, via, provenance, confidence } = hit;
  const place = kind === 'file' ? name : `${name}:${line}`;
  const marks = [
    ...(EVIDENT_KINDS.has(kind) || kind === 'file' ? [] : [kind]),
    ...(via === usual ? [] : [via]),
    ...(provenance === 'syntax' ? [provenance] : []),
  ];
  const use = hasUses ? `@${useLine}` : '';
  const steps = depth > 1 ? `/${depth}` : '';
  const likelihood = confidence === undefined ? '' : `?${Math.round(confidence * 100)}`;
  return `${place}${use}${steps}${likelihood}${marks.length > 0 ? `(${marks.join(',')})` : ''}`;
}

function writtenName({ kind, name }: GraphTraceHit): string {
  if (kind === 'file') return '(file)';
  return PLAIN_NAME.test(name) ? name : JSON.stringify(name);
}

/** The steps of a path stand one below the other. */
function stepLine({ kind, name, path, line, depth, via, useLine, way, ...known }: GraphTraceHit): string {
  const certainty =
    known.provenance === 'typed'
      ? ''
      : ` (${known.provenance}${known.confidence === undefined ? '' : ` ${known.confidence}`})`;
  const place = kind === 'file' ? `file ${path}` : `${kind} ${name} ${path}:${line}`;
  return `${way === undefined ? '' : `${way}. `}${place} →${depth} ${via}@${useLine}${certainty}`;
}

function mostFrequent<T>(values: readonly T[]): T | undefined {
  const counts = [...groupedBy(values, (value) => value)].map(([value, same]) => ({ value, count: same.length }));
  return counts.reduce<(typeof counts)[number] | undefined>(
    (best, one) => (best === undefined || one.count > best.count ? one : best),
    undefined,
  )?.value;
}

/** In the order in which each key is first met. */
function groupedBy<T, K>(values: Iterable<T>, keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
