import { SyntaxKind } from 'typescript/unstable/ast';

/** Kinds of nodes as the plain numbers that rows hold. */
export const KIND: Readonly<Record<keyof typeof SyntaxKind, number>> = SyntaxKind;
