/**
 * Secrets that a person enters: which there are, and the pages on which they are asked for. Owns the tickets of the pages.
 * Invariants: a secret goes from the page (or a command) into the secret store of the data folder and nowhere else; a
 * ticket is for one key, for whoever asked on this machine, counts once and for minutes.
 */
export { SECRET_KEYS } from '../core/config/index.ts';
export type { SecretAsker, SecretPage, SecretService } from './secret-service.ts';
export type { PageAnswer, PageQuestion } from './secret-service.ts';
