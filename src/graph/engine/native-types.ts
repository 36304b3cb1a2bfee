import type { Node } from 'typescript/unstable/ast';
import type { Checker, Type } from 'typescript/unstable/sync';
import type { FileFacts } from './fact-forms.ts';
import type { NativeNodes } from './native-nodes.ts';
import type { NativePlaces } from './native-places.ts';
import type { Span } from './span.ts';

/** Types of nodes that the scan has noted: those of one file are asked for together, and each once. */
export class NativeTypes {
  readonly #checker: Checker;
  readonly #places: NativePlaces;
  readonly #nodes: NativeNodes;
  /** By the handle of the node. */
  readonly #known = new Map<string, Type | undefined>();

  constructor(checker: Checker, places: NativePlaces, nodes: NativeNodes) {
    this.#checker = checker;
    this.#places = places;
    this.#nodes = nodes;
  }

  ask(path: string, spans: readonly Span[]): void {
    const nodes = new Map<string, Node>();
    for (const span of spans) {
      const place = this.#places.nodeOf(path, span);
      if (place !== undefined && !this.#known.has(place.handle)) nodes.set(place.handle, this.#nodes.of(place));
    }
    if (nodes.size === 0) return;
    const types = this.#checker.getTypeAtLocation([...nodes.values()]);
    for (const [index, handle] of [...nodes.keys()].entries()) this.#known.set(handle, types[index]);
  }

  at(path: string, span: Span): Type | undefined {
    this.ask(path, [span]);
    return this.#known.get(this.#places.nodeOf(path, span)?.handle ?? '');
  }

  allAt(path: string, spans: readonly Span[]): readonly Type[] {
    return spans.flatMap((span) => this.at(path, span) ?? []);
  }
}

/** Base types of which members may be inherited. */
export function basesOf({ heirs }: FileFacts): Span[] {
  return heirs.filter(({ members }) => members.length > 0).flatMap(({ bases }) => bases.map(({ span }) => span));
}
