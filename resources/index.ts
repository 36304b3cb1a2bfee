import type { Catalog } from '../src/surface/index.ts';
import { runLog } from './run-log.ts';
import { run } from './run.ts';
import { status } from './status.ts';

/** Every resource, in the order in which agents see them. */
export const resources: Catalog['resources'] = [status, run, runLog];
