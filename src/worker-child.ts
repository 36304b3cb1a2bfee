import { once } from 'node:events';
import process from 'node:process';
import { z } from 'zod';
import { loadConfig } from './core/config/index.ts';
import { createLog } from './core/log.ts';
import { createWorkerApp } from './worker-app.ts';

/**
 * What a master starts to have its runs executed. Its configuration comes by message, since it holds secrets. It ends in
 * an orderly way when it is told to, and when the master is gone, however that ended.
 */
const setupSchema = z.tuple([z.object({ config: z.looseObject({ database: z.object({ url: z.string() }) }) })]);

// The durable engine queries in a way that the driver deprecates; that is nothing a user can act on.
if (process.noDeprecation !== true) process.noDeprecation = true;

const over = new AbortController();
for (const name of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(name, () => over.abort());

const setup: unknown[] = (await once(process, 'message', { signal: over.signal })).slice(0, 1);
const [{ config }] = setupSchema.parse(setup);
const loaded = loadConfig({ input: config, env: {}, isStoreRead: false });
const log = createLog(loaded.config.log);
const send = (message: object): void => {
  // The master may be gone before us: then nobody asks.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};
const worker = createWorkerApp({ loaded, log, databaseUrl: config.database.url, queues: 'own', send });
const executorId = await worker.start();
process.send?.({ ready: { executorId } });
if (!over.signal.aborted) await once(over.signal, 'abort');
await worker.stop();
if (process.connected) process.disconnect();
