import type { MessagePort } from 'node:worker_threads';
import { CompiledPlace } from './fix-place.ts';
import { priorAnswerSchema } from './fix-task.ts';
import type { FixOutcome, FixTask } from './fix-task.ts';
import { PriorTexts } from './prior-texts.ts';
import type { AskPriorTexts } from './prior-texts.ts';
import { fixesFor } from './target-fixes.ts';

interface KeptPlace {
  readonly root: string;
  readonly place: CompiledPlace;
}

/** The place that this thread keeps, until another comes. */
let kept: KeptPlace | undefined;

/** Runs in a worker thread, which keeps a place with its compilers in mind between its tasks. */
export async function fixTarget({ root, target, budgetMs, hasHistory, port }: FixTask): Promise<FixOutcome> {
  const deadlineMs = performance.now() + budgetMs;
  try {
    if (kept?.root !== root) {
      kept?.place.close();
      kept = { root, place: new CompiledPlace(root) };
    }
    const { place } = kept;
    const prior = new PriorTexts(place.root, hasHistory ? askerOf(port) : undefined);
    return { fixes: await fixesFor({ target, place, prior, deadlineMs }) };
  } catch (error) {
    // What it was at when it failed is not known.
    kept = undefined;
    throw error;
  } finally {
    port.close();
  }
}

/** Questions go out and answers come in, by number. */
function askerOf(port: MessagePort): AskPriorTexts {
  const waiting = new Map<number, (texts: readonly string[]) => void>();
  let asked = 0;
  port.on('message', (message) => {
    const { id, texts } = priorAnswerSchema.parse(message);
    waiting.get(id)?.(texts);
    waiting.delete(id);
  });
  return (path) =>
    new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      port.postMessage({ id: asked, path });
    });
}
