import type { Node } from 'typescript/unstable/ast';
import type { Checker, Project, Symbol as NativeSymbol, Type } from 'typescript/unstable/sync';
import type { HeirFacts } from './fact-forms.ts';
import type { MemberLink } from './member-inheritance.ts';
import { canonicalTarget } from './native-declarations.ts';
import type { NativePlaces } from './native-places.ts';
import type { NativeResolver } from './native-resolver.ts';
import type { Span } from './span.ts';

/** Members and what they override or implement, by the native checker's base types; as `member-inheritance.ts`. */
export class NativeInheritance {
  readonly #checker: Checker;
  readonly #places: NativePlaces;
  readonly #resolver: NativeResolver;

  constructor(project: Project, places: NativePlaces, resolver: NativeResolver) {
    this.#checker = project.checker;
    this.#places = places;
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
        const target = inherited === undefined ? undefined : canonicalTarget(this.#places, inherited);
        if (target !== undefined) links.push({ kind, nameStart: member.nameStart, target });
      }
    }
    return links;
  }

  #membersAt(path: string, span: Span, side: 'instance' | 'class'): ReadonlyMap<string, NativeSymbol> | undefined {
    const type = side === 'class' ? this.#typeOfExpression(path, span) : this.#resolver.types.at(path, span);
    return type === undefined ? undefined : this.#resolver.properties.allOf(type);
  }

  #typeOfExpression(path: string, span: Span): Type | undefined {
    const expression = this.#expressionAt(path, span);
    return expression === undefined ? undefined : this.#checker.getTypeAtLocation(expression);
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
