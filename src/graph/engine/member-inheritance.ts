import { ts } from 'ts-morph';
import { anchorOf } from './declaration-anchor.ts';
import type { Heir } from './file-scan.ts';
import { inheritableName, isStatic, membersOf } from './heir-members.ts';
import type { SymbolResolver, Target } from './symbol-resolver.ts';

/** A member and the one of a base class or interface that it stands in for. */
export interface MemberLink {
  readonly kind: 'overrides' | 'implements';
  readonly nameStart: number;
  readonly target: Target;
}

/** All such members of classes and interfaces, by the checker's base types and not by names alone. */
export function memberLinksOf(heirs: readonly Heir[], checker: ts.TypeChecker, resolver: SymbolResolver): MemberLink[] {
  return heirs.flatMap((heir) => basesOf(heir, checker).flatMap((base) => linksTo(heir, base, resolver)));
}

interface Base {
  readonly kind: MemberLink['kind'];
  readonly type: ts.Type;
  /** The class itself, for static members; undefined for an interface. */
  readonly statics: ts.Type | undefined;
}

function basesOf(node: Heir, checker: ts.TypeChecker): Base[] {
  return (node.heritageClauses ?? []).flatMap((clause) => {
    const isImplements = clause.token === ts.SyntaxKind.ImplementsKeyword;
    const kind = isImplements ? 'implements' : 'overrides';
    const hasStatics = !isImplements && ts.isClassLike(node);
    return clause.types.map((base): Base => ({
      kind,
      type: checker.getTypeAtLocation(base),
      statics: hasStatics ? checker.getTypeAtLocation(base.expression) : undefined,
    }));
  });
}

function linksTo(node: Heir, base: Base, resolver: SymbolResolver): MemberLink[] {
  const file = node.getSourceFile();
  const links: MemberLink[] = [];
  for (const member of membersOf(node)) {
    const name = inheritableName(member);
    if (name === undefined) continue;
    const inherited = (isStatic(member) ? base.statics : base.type)?.getProperty(name);
    const target = inherited === undefined ? undefined : resolver.canonicalTarget(inherited);
    if (target !== undefined) links.push({ kind: base.kind, nameStart: anchorOf(member, file), target });
  }
  return links;
}
