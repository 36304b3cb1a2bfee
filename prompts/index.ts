import type { Catalog } from '../src/surface/index.ts';
import { exploreCodebase } from './explore-codebase.ts';

/** Every prompt, in the order in which people see them. */
export const prompts: Catalog['prompts'] = [exploreCodebase];
