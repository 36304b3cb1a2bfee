import { createSealer } from '../../src/core/seal.ts';

const sealer = createSealer('secret-of-the-tests-0123456789abcdef');

/** For backends whose seals no other process has to open. */
export const testSealer = () => sealer;
