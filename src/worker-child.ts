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
const setupSchema = z
  .tuple([z.object({ config: z.looseObject({ database: z.object({ url: z.string() }) }) })])
  .rest(z.unknown());

// The durable engine queries in a way that the driver deprecates; that is nothing a user can act on.
if (process.noDeprecation !== true) process.noDeprecation = true;

const over = new AbortController();
for (const name of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(name, () => over.abort());

/** Undefined when it is told to end before. */
async function setupOf(): Promise<z.output<typeof setupSchema>[0] | undefined> {
  try {
    return setupSchema.parse(await once(process, 'message', { signal: over.signal }))[0];
  } catch (error) {
    if (over.signal.aborted) return undefined;
    throw error;
  }
}

async function execute({ config }: z.output<typeof setupSchema>[0]): Promise<void> {
  const loaded = loadConfig({ input: config, env: {}, isStoreRead: false });
  const log = createLog({ level: loaded.config.log.level, file: loaded.config.log.file });
  const send = (message: object): void => {
    // The master may be gone before us: then nobody asks.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  const worker = createWorkerApp({ loaded, log, databaseUrl: config.database.url, queues: 'own', send });
  const executorId = await worker.start();
  process.send?.({ ready: { executorId } });
  if (!over.signal.aborted) await once(over.signal, 'abort');
  await worker.stop();
}

const setup = await setupOf();
if (setup !== undefined) await execute(setup);
if (process.connected) process.disconnect();
