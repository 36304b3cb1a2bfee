import type { NodeKind } from '../../graph-schema.ts';
import type { ScannedNode } from '../../type-source.ts';

/** A node under construction: what may still change while its inside is walked. */
export type Draft = { -readonly [K in keyof ScannedNode]: ScannedNode[K] };

/** What becomes of a declaration with the name and the place of an earlier one; see `Scan` of `file-scan.ts`. */
export class FlatDrafts {
  readonly nodes: Draft[] = [];
  /** First node of each mergeable name, by container, kind, static or not, and name; with the node it stands in. */
  readonly #mergeable = new Map<string, { readonly index: number; readonly parent: number }>();
  /** Functions that have their implementation: another one of the same name is another function. */
  readonly #implemented = new Set<number>();
  /** Variables whose value is the result of a call. */
  readonly #made = new Set<number>();
  readonly #ordinals = new Map<string, number>();

  /** The earlier node that a declaration belongs to; it then reaches to `end`. Undefined when it is a node of its own. */
  joined(
    key: string,
    place: { readonly parent: number; readonly end: number; readonly isImplementation: boolean },
  ): number | undefined {
    const former = this.#mergeable.get(key);
    if (former?.parent !== place.parent) return undefined;
    const draft = this.nodes[former.index];
    if (draft === undefined || (place.isImplementation && this.#implemented.has(former.index))) return undefined;
    if (place.isImplementation) this.#implemented.add(former.index);
    draft.end = Math.max(draft.end, place.end);
    return former.index;
  }

  ordinalOf({ container, kind, name }: Pick<ScannedNode, 'container' | 'kind' | 'name'>): number {
    const key = `${container} ${ordinalFamily(kind)} ${name}`;
    const ordinal = this.#ordinals.get(key) ?? 0;
    this.#ordinals.set(key, ordinal + 1);
    return ordinal;
  }

  add(
    draft: Draft,
    marks: {
      readonly mergeKey: string | undefined;
      readonly parent: number;
      readonly isImplementation: boolean;
      readonly isMade: boolean;
    },
  ): number {
    const index = this.nodes.length;
    this.nodes.push(draft);
    if (marks.mergeKey !== undefined) this.#mergeable.set(marks.mergeKey, { index, parent: marks.parent });
    if (marks.isImplementation) this.#implemented.add(index);
    if (marks.isMade) this.#made.add(index);
    return index;
  }

  /** The innermost function around JSX that can be a component is one. */
  markComponent(owner: number): void {
    for (let index = owner; index >= 0;) {
      const draft = this.nodes[index];
      if (draft === undefined) return;
      if (this.#couldBeComponent(index, draft)) draft.kind = 'component';
      if (draft.kind === 'component') return;
      index = draft.container;
    }
  }

  /** A function with a name as tags have it, or a variable that a call makes: `memo(…)`, `forwardRef(…)`. */
  #couldBeComponent(index: number, { kind, name }: Draft): boolean {
    if (kind !== 'function' && !(kind === 'variable' && this.#made.has(index))) return false;
    return name === 'default' || /^[A-Z]/.test(name);
  }
}

/** The kinds that a declaration can change between while it is walked, and so must not share a number in. */
function ordinalFamily(kind: NodeKind): string {
  return kind === 'variable' || kind === 'class' || kind === 'component' ? 'function' : kind;
}
