/** A worker process of LightDom with the kinds of the bench. Its setup comes by message. */
import { z } from 'zod';
import { connectDatabase } from '../../dist/src/core/db/index.js';
import { createLog } from '../../dist/src/core/log.js';
import { createWorkflowEngine, RunService, workerSettings } from '../../dist/src/runs/run-runtime.js';
import { registerBenchKinds } from './bench-kinds.js';
import { firstSayer, receiveSetup, sayReady } from './child-channel.js';

const setupSchema = z.object({ url: z.string(), concurrency: z.number() });

const { url, concurrency } = setupSchema.parse(await receiveSetup());
const log = createLog({ level: 'error' });
const database = await connectDatabase({ url, log, applicationName: 'lightdom bench' });
const engine = createWorkflowEngine({ database, log });
const worker = workerSettings({ concurrency, batchConcurrency: 1 });
const runs = new RunService({ database, engine, log, worker });
registerBenchKinds(runs, firstSayer());
await runs.open();
sayReady();
