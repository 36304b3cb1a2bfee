/** Deeply nested expressions make the compiler recurse. */
const STACK_MB = 32;
/** Answers are many short-lived objects. Three times as much takes an eighth more CPU: more memory to have from the system. */
const YOUNG_MB = 64;

/** Of threads that a compiler works on, besides their heap. */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: YOUNG_MB, stackSizeMb: STACK_MB } as const;
