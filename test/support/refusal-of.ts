import { AppError } from '../../src/core/errors.ts';

/** The expected error that the work throws; fails the test when it throws none or another. */
export function refusalOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}
