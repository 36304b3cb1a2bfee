/** What executes, for the files that put the system together. */
export { CheckoutService } from './checkout-service.ts';
