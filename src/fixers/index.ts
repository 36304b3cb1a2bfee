/** Changes that are made without a model. Owns what a fixer is asked and what it answers. */
export { FIX_GRADES } from './fixer.ts';
export type { FileEdit, Fix, Fixer, FixGrade, FixPlace, FixTarget } from './fixer.ts';
