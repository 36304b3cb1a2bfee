import { AppError } from '../src/core/errors.ts';
import { accessOf, defineResource } from '../src/surface/index.ts';

export const run = defineResource({
  name: 'run',
  title: 'Run',
  description: 'One run: state, progress, result or error.',
  uri: 'run://{runId}',
  mimeType: 'application/json',
  async read({ runId }, { services, caller }) {
    if (runId === undefined) throw new AppError('invalid_input', 'A run URI needs a runId: run://<runId>.');
    const found = await services.runs.get(runId, accessOf(caller));
    return { text: JSON.stringify(found, null, 2), mimeType: 'application/json' };
  },
});
