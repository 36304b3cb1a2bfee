import { once } from 'node:events';
import process from 'node:process';

/** What a worker process of the bench was told; it ends with the bench, however that ends. */
export async function receiveSetup() {
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
  /** @type {readonly unknown[]} */
  const messages = await once(process, 'message');
  return messages[0];
}

export function sayReady() {
  process.send?.({ ready: true });
}

/** Returns what is to be called with each piece of work. */
export function firstSayer() {
  let isSaid = false;
  return () => {
    if (!isSaid) process.send?.({ first: true });
    isSaid = true;
  };
}
