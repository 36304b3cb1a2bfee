/** What the order of start depends on. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: Readonly<Record<string, unknown>>;
}

/**
 * Services in layers: each needs only what lies in layers before its own, so that a layer starts at once, and stops in the
 * reverse order. Kahn's algorithm, level by level. What is part of a circle, or waits for one, is in no layer.
 */
export function startLayers<T extends Dependent>(services: readonly T[]): T[][] {
  const names = new Set(services.map(({ name }) => name));
  const placed = new Set<string>();
  const layers: T[][] = [];
  let left = [...services];
  while (left.length > 0) {
    const isFree = ({ dependsOn }: T): boolean =>
      Object.keys(dependsOn).every((other) => placed.has(other) || !names.has(other));
    const layer = left.filter((service) => isFree(service));
    if (layer.length === 0) break;
    layers.push(layer);
    for (const { name } of layer) placed.add(name);
    left = left.filter(({ name }) => !placed.has(name));
  }
  return layers;
}

/** Circles in which services wait for one another, each as the names along it; none is named twice. */
export function cyclesOf(services: readonly Dependent[]): string[][] {
  const ordered = new Set(startLayers(services).flatMap((layer) => layer.map(({ name }) => name)));
  const stuck = new Map(services.filter(({ name }) => !ordered.has(name)).map((service) => [service.name, service]));
  const seen = new Set<string>();
  const cycles: string[][] = [];
  for (const start of stuck.keys()) {
    const way: string[] = [];
    let name: string | undefined = start;
    // Each that is stuck waits for another that is: the way ends on itself, or on one that was seen.
    while (name !== undefined && !seen.has(name)) {
      seen.add(name);
      way.push(name);
      name = Object.keys(stuck.get(name)?.dependsOn ?? {}).find((other) => stuck.has(other));
    }
    if (name !== undefined && way.includes(name)) cycles.push(way.slice(way.indexOf(name)));
  }
  return cycles;
}
