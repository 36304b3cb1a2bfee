/**
 * Calls of models where they are executed. For the files that put the system together: others know the words of `index.ts`,
 * which load none of this.
 */
export { LlmBudget } from './llm-budget.ts';
export { openModel } from './open-model.ts';
export { runToolLoop } from './tool-loop.ts';
