import { AppError } from '../src/core/errors.ts';
import { renderRunEvent } from '../src/runs/index.ts';
import { accessOf, defineResource } from '../src/surface/index.ts';

const LINES = 200;

export const runLines = defineResource({
  name: 'run_lines',
  title: 'Log of a run',
  description: `The last ${LINES} log lines of a run, oldest first.`,
  uri: 'run://{runId}/log',
  mimeType: 'text/plain',
  async read({ runId }, { services, caller }) {
    if (runId === undefined) throw new AppError('invalid_input', 'A log URI needs a runId: run://<runId>/log.');
    const lines = await services.runs.recentEvents(runId, LINES, accessOf(caller));
    return { text: lines.map(renderRunEvent).join('\n'), mimeType: 'text/plain' };
  },
});
