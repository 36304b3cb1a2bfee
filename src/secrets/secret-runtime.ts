/** What executes, for the files that put the system together. */
export { SecretService } from './secret-service.ts';
