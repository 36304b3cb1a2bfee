/**
 * What collects and stores findings. For the files that put the system together: others know the words of
 * `index.ts`, which load none of this.
 */
export { FindingService } from './finding-service.ts';
export { FindingStore } from './finding-store.ts';
