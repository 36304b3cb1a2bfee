import type { DeclaredEdge } from './edge-table.ts';
import type { FileEdge } from './import-graph.ts';

/** The folders of declared values; each is listed by its own `index.ts`. */
const DECLARATIVE = ['tools', 'resources', 'prompts'] as const;

/** Zones with rules of their own; every other folder directly in src/ is a subsystem. */
const FIXED_ZONES = ['core', 'surface', 'server', 'dashboard', 'root', 'outside', ...DECLARATIVE] as const;
type FixedZone = (typeof FIXED_ZONES)[number];

/** The executable and the package's own API: nothing inside imports them. */
const ENTRIES = ['src/main.ts', 'src/index.ts'] as const;

/** `core`, `surface`, a subsystem's name, …; `root` for a file directly in src/, `outside` for one that is no product. */
export function zoneOf(path: string): string {
  const [top = '', folder = '', ...rest] = path.split('/');
  if (top !== 'src') return DECLARATIVE.find((zone) => zone === top) ?? 'outside';
  return rest.length === 0 ? 'root' : folder;
}

export function isSubsystem(zone: string): boolean {
  return !FIXED_ZONES.some((fixed) => fixed === zone);
}

/** tools, resources, prompts → surface and subsystems → core; server → surface, core; never back. */
export function directionViolations(edges: readonly FileEdge[]): string[] {
  return edges
    .filter((edge) => zoneOf(edge.from) !== zoneOf(edge.to) || zoneOf(edge.from) === 'root')
    .filter((edge) => !isDirectionAllowed(edge))
    .map((edge) => `${at(edge)}: ${zoneOf(edge.from)} must not depend on ${zoneOf(edge.to)}`);
}

/** Edges from one subsystem (or the server) to another must be rows of the table, and every row must be used. */
export function declarationViolations(edges: readonly FileEdge[], declared: readonly DeclaredEdge[]): string[] {
  const crossing = edges.filter((edge) => needsDeclaration(edge));
  const names = new Set(declared.map((row) => `${row.from} → ${row.to}`));
  const used = new Set(crossing.map((edge) => `${zoneOf(edge.from)} → ${zoneOf(edge.to)}`));
  return [
    ...crossing
      .filter((edge) => !names.has(`${zoneOf(edge.from)} → ${zoneOf(edge.to)}`))
      .map((edge) => `${at(edge)}: no row "${zoneOf(edge.from)} → ${zoneOf(edge.to)}" in ARCHITECTURE.md`),
    ...[...names].filter((name) => !used.has(name)).map((name) => `ARCHITECTURE.md: nothing uses the row "${name}"`),
    ...declared
      .filter((row) => row.why === '')
      .map((row) => `ARCHITECTURE.md: the row "${row.from} → ${row.to}" says no why`),
  ];
}

/**
 * A folder directly in src/ or in src/core/ is entered only through its `index.ts`, by types too. What puts the system
 * together has a second door, `*-runtime.ts`: a command that only shows the surface must not load what runs behind it.
 */
export function doorViolations(edges: readonly FileEdge[]): string[] {
  return edges.flatMap((edge) => {
    const house = houseOf(edge.to);
    if (house === undefined || edge.from.startsWith(`${house}/`) || edge.to === `${house}/index.ts`) return [];
    if (zoneOf(edge.from) === 'root' && edge.to.startsWith(house) && edge.to.endsWith('-runtime.ts')) return [];
    return [`${at(edge)}: import ${house}/index.ts instead, and export there what is missing`];
  });
}

function isDirectionAllowed(edge: FileEdge): boolean {
  const from = zoneOf(edge.from);
  const to = zoneOf(edge.to);
  if (to === 'root') return isRootFileAllowed(edge);
  if (from === 'root') return isRootAllowed(edge, to);
  if (isSubsystem(from)) return to === 'core' || isSubsystem(to);
  return ALLOWED[fixedZoneOf(from)](to, edge.to);
}

/** What declares is thin: of core it sees the words that all share, not the database or the processes. */
const isDeclarativeTarget = (to: string, path: string): boolean =>
  to === 'surface' || isSubsystem(to) || isOpenCore(path);

const ALLOWED: Readonly<Record<FixedZone, (to: string, path: string) => boolean>> = {
  core: () => false,
  surface: (_to, path) => isOpenCore(path),
  server: (to) => to === 'surface' || to === 'core' || isSubsystem(to),
  dashboard: () => false,
  root: () => true,
  outside: () => true,
  tools: isDeclarativeTarget,
  resources: isDeclarativeTarget,
  prompts: isDeclarativeTarget,
};

/** A file directly in src/core/. */
function isOpenCore(path: string): boolean {
  return /^src\/core\/[^/]+$/.test(path);
}

function fixedZoneOf(zone: string): FixedZone {
  return FIXED_ZONES.find((fixed) => fixed === zone) ?? 'core';
}

/** Files directly in src/ put things together: only one another may import them, but for the types of all services. */
function isRootFileAllowed(edge: FileEdge): boolean {
  if (ENTRIES.some((entry) => entry === edge.to)) return false;
  if (zoneOf(edge.from) === 'root') return true;
  return edge.to === 'src/services.ts' && edge.isTypeOnly && ['surface', 'server'].includes(zoneOf(edge.from));
}

/** Of the files directly in src/, the catalog alone sees the declared values, and services.ts holds types alone. */
function isRootAllowed(edge: FileEdge, to: string): boolean {
  if (edge.from === 'src/services.ts') return edge.isTypeOnly && isSubsystem(to);
  if (edge.from === 'src/catalog.ts') return to === 'surface' || DECLARATIVE.some((zone) => zone === to);
  return to !== 'outside' && !DECLARATIVE.some((zone) => zone === to);
}

function needsDeclaration(edge: FileEdge): boolean {
  const from = zoneOf(edge.from);
  const to = zoneOf(edge.to);
  return from !== to && isSubsystem(to) && (isSubsystem(from) || from === 'server');
}

/** The folder whose door guards this file, if one does. */
function houseOf(path: string): string | undefined {
  const [top = '', folder = '', inner = '', ...rest] = path.split('/');
  if (DECLARATIVE.some((zone) => zone === top)) return top;
  if (top !== 'src' || inner === '') return undefined;
  if (folder !== 'core') return `src/${folder}`;
  return rest.length === 0 ? undefined : `src/core/${inner}`;
}

function at(edge: FileEdge): string {
  return `${edge.from}:${edge.line} → ${edge.to}`;
}
