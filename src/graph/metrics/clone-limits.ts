/** Apart from the search itself, so that who tells of it does not load the compiler. */

/** About ten lines: shorter repeats are idioms more often than copies. */
export const MIN_CLONE_TOKENS = 50;
