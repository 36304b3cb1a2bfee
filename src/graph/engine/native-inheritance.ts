import type { Node } from 'typescript/unstable/ast';
import type { Checker, Project, Symbol as NativeSymbol } from 'typescript/unstable/sync';
import type { HeirFacts } from './fact-forms.ts';
import type { MemberLink } from './member-inheritance.ts';
import type { NativeResolver } from './native-resolver.ts';
import type { Span } from './span.ts';

/** Members and what they override or implement, by the native checker's base types; as `member-inheritance.ts`. */
export class NativeInheritance {
  readonly #checker: Checker;
  readonly #resolver: NativeResolver;

  constructor(project: Project, resolver: NativeResolver) {
    this.#checker = project.checker;
    this.#resolver = resolver;
  }

  linksOf(path: string, heirs: readonly HeirFacts[]): MemberLink[] {
    return heirs.filter(({ members }) => members.length > 0).flatMap((heir) => this.#linksOf(path, heir));
  }

  #linksOf(path: string, { bases, members }: HeirFacts): MemberLink[] {
    const links: MemberLink[] = [];
    for (const { kind, span, hasStatics } of bases) {
      const instance = this.#membersAt(path, span, 'instance');
      const isAnyStatic = hasStatics && members.some((member) => member.isStatic);
      const statics = isAnyStatic ? this.#membersAt(path, span, 'class') : undefined;
      for (const member of members) {
        const inherited = (member.isStatic ? statics : instance)?.get(member.name);
        const target = inherited === undefined ? undefined : this.#resolver.canonicalTarget(inherited);
        if (target !== undefined) links.push({ kind, nameStart: member.nameStart, target });
      }
    }
    return links;
  }

  #membersAt(path: string, span: Span, side: 'instance' | 'class'): ReadonlyMap<string, NativeSymbol> | undefined {
    const node = side === 'class' ? this.#expressionAt(path, span) : this.#resolver.nodeAt(path, span);
    if (node === undefined) return undefined;
    const type = this.#checker.getTypeAtLocation(node);
    return type === undefined ? undefined : this.#resolver.properties.allOf(type);
  }

  /** `Base` of `extends Base<T>`. */
  #expressionAt(path: string, span: Span): Node | undefined {
    let expression: Node | undefined;
    this.#resolver.treeNodeAt(path, span)?.forEachChild((child) => {
      expression = child;
      // The others are type arguments.
      return true;
    });
    return expression;
  }
}
