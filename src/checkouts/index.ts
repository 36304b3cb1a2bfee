/**
 * Private copies of a commit of a workspace, in which attempts are made. Owns their folders below `agent/` of the data
 * folder. Invariants: the checkout and the repository of a person are never written; a path that an agent gives never leads
 * out; what a killed process leaves is deleted by the next one.
 */
export type {
  ChangedText,
  Checkout,
  CheckoutChanges,
  CheckoutCommit,
  CheckoutProgram,
  CheckoutResult,
} from './checkout.ts';
export type { CheckoutRequest, CheckoutService } from './checkout-service.ts';
