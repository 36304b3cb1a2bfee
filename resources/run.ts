import { AppError } from '../src/core/errors.ts';
import { proposeRuns, watchRun } from '../src/runs/index.ts';
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
  complete: { runId: (text, { services, caller }) => proposeRuns(services.runs, text, accessOf(caller)) },
  watch: ({ runId = '' }, { runs }, changed) => Promise.resolve(watchRun(runs, runId, changed)),
});
