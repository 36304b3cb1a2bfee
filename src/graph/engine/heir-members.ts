import { ts } from 'ts-morph';
import type { Heir } from './file-scan.ts';

/** Members that can be inherited; parameter properties are members too. */
export function membersOf(node: Heir): ts.NamedDeclaration[] {
  const members: ts.NamedDeclaration[] = [];
  for (const member of node.members) {
    if (ts.isConstructorDeclaration(member)) {
      members.push(...member.parameters.filter((each) => ts.isParameterPropertyDeclaration(each, member)));
    } else {
      members.push(member);
    }
  }
  return members;
}

export function isStatic(member: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
}

/** Private names and computed ones are never inherited under a name that could be looked up. */
export function inheritableName({ name }: ts.NamedDeclaration): string | undefined {
  if (name === undefined) return undefined;
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}
