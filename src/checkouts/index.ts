/** Private copies of a commit, in which changes are tried. Owns what a checkout is; the user's own files are never written. */
export type {
  ChangedText,
  Checkout,
  CheckoutChanges,
  CheckoutCommit,
  CheckoutProgram,
  CheckoutResult,
} from './checkout.ts';
