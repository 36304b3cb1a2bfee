/**
 * Words of fixers: what is to be mended, where, and how far a fix may go by itself. Invariants: a fixer reads a place and
 * never writes it; what it can't prove is a suggestion; odd code makes it know nothing, and never throw.
 */
export type { FileEdit, Fix, Fixer, FixGrade, FixPlace, FixTarget } from './fixer.ts';
export type { FixerSet } from './fixer-set.ts';
export type { FixerSetDeps } from './fixer-set.ts';
