import { prompts } from '../prompts/index.ts';
import { resources } from '../resources/index.ts';
import { toolsets } from '../tools/index.ts';
import type { Catalog } from './surface/index.ts';

/** The whole surface. The one file of src/ that knows tools, resources and prompts; both entries need it. */
export const catalog: Catalog = { toolsets, resources, prompts };
