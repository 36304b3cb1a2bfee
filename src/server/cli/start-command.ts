import { once } from 'node:events';
import type { Command } from 'commander';
import { messageOf } from '../../core/errors.ts';
import type { PhaseReport } from '../../orchestrator/index.ts';
import { plainCall } from '../mcp/surface-backend.ts';
import { addCommonOptions, addPolicyOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliMaster, CliSession } from './cli-session.ts';
import { followRun } from './follow-run.ts';

/** Everything that can start by itself does. */
const FULL = { autoIndex: true, autoAgent: true, autoCampaign: true };

export function startCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('start')
    .description('run the master: database, runs, HTTP surface; stays up until Ctrl-C')
    .option('--full', 'index, campaigns and agent start by themselves')
    .option('--mode <mode>', 'development, production or testing')
    .option(
      '--token <token>',
      'bearer token of the HTTP surface; LIGHTDOM_HTTP_TOKEN_FILE keeps it out of lists of processes',
    );
  addPolicyOptions(addCommonOptions(command)).action(
    async (options: { full?: boolean; mode?: string; token?: string }) => {
      const mode = options.mode === undefined ? {} : { mode: options.mode };
      const token = options.token === undefined ? {} : { 'http.token': options.token };
      const session = openSession(deps, command, {
        overrides: { ...(options.full === true ? FULL : {}), ...mode, ...token },
      });
      await runMaster(session);
    },
  );
}

async function runMaster(session: CliSession): Promise<void> {
  const master = await session.deps.createMaster(session);
  const { events } = master.orchestrator;
  const phases = new Map<number, PhaseReport>();
  events.on('phase', (report) => {
    phases.set(report.phase, report);
    session.output.note(phaseLine(report));
  });
  events.on('error', (error) => session.log.error({ err: error }, 'the orchestrator reported an error'));
  const { mode, workspace } = session.loaded.config;
  session.output.note(`LightDom ${session.deps.version} in mode ${mode} on ${workspace}`);
  for (const warning of session.loaded.warnings) session.output.note(`warning: ${warning}`);
  try {
    await master.orchestrator.start();
    session.output.note(timesLine([...phases.values()]));
    await untilInterrupted(session, master, [...phases.values()]);
  } finally {
    session.output.note('stopping …');
    await master.orchestrator.stop();
    session.output.note('stopped');
  }
}

/** Follows the index that the start began, shows the status, then waits for the signal. */
async function untilInterrupted(session: CliSession, master: CliMaster, phases: readonly PhaseReport[]): Promise<void> {
  const interrupted = session.signal.aborted ? Promise.resolve() : once(session.signal, 'abort');
  try {
    const { runId } = master.orchestrator.getStatus().orchestrators['indexing']?.details ?? {};
    if (typeof runId === 'string') {
      const run = await followRun(session, master.backend, runId);
      session.output.note(`${run.title}: ${run.status}${run.error === undefined ? '' : ` (${run.error.message})`}`);
    }
    const call = plainCall(session.signal);
    const answer = await master.backend.callTool('system_status', {}, call);
    const where = `ready: ${master.url() ?? 'no HTTP'}  data: ${session.loaded.config.dataDir}`;
    const { mode } = session.loaded.config;
    session.output.result(
      { ...answer.structured, url: master.url(), mode, phases },
      `${answer.text}\n${where}\nCtrl-C stops.`,
    );
  } catch (error) {
    if (!session.signal.aborted) session.output.note(`status: ${messageOf(error)}`);
  }
  await interrupted;
}

function phaseLine({ phase, title, outcome, detail, durationMs }: PhaseReport): string {
  const isTimed = outcome === 'done' || outcome === 'failed';
  const time = !isTimed || durationMs === undefined ? '' : ` in ${durationMs} ms`;
  return `phase ${phase} ${title}: ${outcome}${time}${detail === '' ? '' : ` – ${detail}`}`;
}

/** `started in 1840 ms: Core services 1790 ms, Index codebase 50 ms`, without the phases that took no time. */
function timesLine(phases: readonly PhaseReport[]): string {
  const timed = phases.flatMap(({ title, outcome, durationMs = 0 }) =>
    outcome === 'done' ? [{ title, durationMs }] : [],
  );
  const wholeMs = timed.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return `started in ${wholeMs} ms: ${timed.map(({ title, durationMs }) => `${title} ${durationMs} ms`).join(', ')}`;
}
