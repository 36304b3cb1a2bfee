import type { Node } from 'typescript/unstable/ast';
import type { Project } from 'typescript/unstable/sync';
import { AppError } from '../../core/errors.ts';
import type { TableNode } from './flat/flat-places.ts';

/**
 * Nodes to ask the compiler about, made of what the scan knows of them: of a node that it is given the API sends nothing
 * but the handle, and for nodes of its own making it would have the trees sent again. A position would do too, but for
 * each one the compiler goes down from the top of the file: that was 37 % of its CPU.
 */
export class NativeNodes {
  readonly #project: Project;
  #NamedNode: NamedNodeClass | undefined;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Stands for the node in questions. It knows its kind, and nothing of what is around or inside. */
  of({ handle, kind }: TableNode): Node {
    this.#NamedNode ??= namedNodeClass(this.#likeness());
    const node: unknown = new this.#NamedNode(handle, kind);
    if (!isNode(node)) throw new AppError('internal', `There is no node ${handle}.`);
    return node;
  }

  /** What the API knows its own nodes by. */
  #likeness(): object | null {
    for (const path of this.#project.rootFiles) {
      const source = this.#project.program.getSourceFile(path);
      if (source !== undefined) return Reflect.getPrototypeOf(source);
    }
    throw new AppError('internal', `The compiler has no file of ${this.#project.configFileName}.`);
  }
}

type NamedNodeClass = new (id: string, kind: number) => object;

/** A class, as it makes objects far faster than `Object.create`. */
function namedNodeClass(likeness: object | null): NamedNodeClass {
  class NamedNode {
    readonly id: string;
    readonly kind: number;

    constructor(id: string, kind: number) {
      this.id = id;
      this.kind = kind;
    }
  }
  Object.setPrototypeOf(NamedNode.prototype, likeness);
  return NamedNode;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
