/** Deeply nested expressions make the compiler recurse. */
const STACK_MB = 32;
/** The checker makes many short-lived objects: four times the default took a seventh of the CPU off a large index. */
const YOUNG_MB = 192;

/** Of threads that a compiler works on, besides their heap. */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: YOUNG_MB, stackSizeMb: STACK_MB } as const;
