import type { Command } from 'commander';
import { callAndPrint, numberOption, pick } from './call-and-print.ts';
import { addCommonOptions } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';

/** What the healing agent knows and has done; `lightdom heal` is what it does. */
export function agentCommand(program: Command, deps: CliDeps): void {
  const agent = program
    .command('agent')
    .description('tasks, evidence and pull requests of the self-healing agent (see also: lightdom heal)');
  const status = agent.command('status').description('how it is set up, what it has done, and how far it may go');
  addCommonOptions(status).action(() => callAndPrint(status, deps, { tool: 'agent_status', input: {} }));
  tasksCommand(agent, deps);
  const show = agent.command('show <taskId>').description('one task with its attempts and their evidence');
  addCommonOptions(show).action((taskId: string) =>
    callAndPrint(show, deps, { tool: 'agent_task', input: { taskId } }),
  );
  transcriptCommand(agent, deps);
  const follow = agent.command('follow').description('ask GitHub what became of its pull requests, and learn from it');
  addCommonOptions(follow).action(() => callAndPrint(follow, deps, { tool: 'agent_follow', input: {} }));
}

function transcriptCommand(agent: Command, deps: CliDeps): void {
  const command = agent
    .command('transcript <taskId>')
    .description('what the agent and its model said to each other in an attempt')
    .option('--attempt <n>', 'number of the attempt (default: the last that asked a model)', numberOption)
    .option('--limit <n>', 'messages a page', numberOption)
    .option('--cursor <cursor>', 'the next page');
  addCommonOptions(command).action((taskId: string, options: Record<string, unknown>) =>
    callAndPrint(command, deps, {
      tool: 'agent_transcript',
      input: { taskId, ...pick(options, ['attempt', 'limit', 'cursor']) },
    }),
  );
}

function tasksCommand(agent: Command, deps: CliDeps): void {
  const command = agent
    .command('tasks')
    .description('its tasks, the most urgent first')
    .option('--state <state>', 'only in this state')
    .option('--limit <n>', 'tasks a page', numberOption)
    .option('--cursor <cursor>', 'the next page');
  addCommonOptions(command).action((options: Record<string, unknown>) =>
    callAndPrint(command, deps, { tool: 'agent_tasks', input: pick(options, ['state', 'limit', 'cursor']) }),
  );
}
