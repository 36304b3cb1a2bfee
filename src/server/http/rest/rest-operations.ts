import { z } from 'zod';
import { systemStatusSchema } from '../../../orchestrator/index.ts';
import { AGENT_OPERATIONS } from './agent-operations.ts';
import { GIT_OPERATIONS } from './git-operations.ts';
import type { RestOperation } from './rest-operation.ts';
import { SERVICE_OPERATIONS } from './service-operations.ts';

const configSchema = z.object({
  keys: z
    .array(
      z.object({
        key: z.string().describe('Path of the key.'),
        value: z.unknown().describe('In force; secrets are masked. Absent when the key has none.'),
        origin: z.string().describe('Where it comes from: default, file, environment, flag, …'),
        description: z.string().describe('What it means.'),
      }),
    )
    .describe('In the order of the reference.'),
});

const toolListSchema = z.object({
  tools: z
    .array(
      z.object({
        name: z.string().describe('Name, and last part of its path.'),
        description: z.string().describe('What it returns, and when to choose it.'),
        toolset: z.string().describe('Id of its toolset.'),
        scope: z.string().optional().describe('What a token must grant for it.'),
        isListed: z.boolean().describe('Whether MCP clients are shown it without searching.'),
        hints: z.record(z.string(), z.boolean()).describe('What a call does, as the annotations of MCP say it.'),
        inputSchema: z.record(z.string(), z.unknown()).describe('JSON Schema of its input.'),
      }),
    )
    .describe('In the order of the reference.'),
});

const MASTER = 'Master';
const RUNS = 'Runs';

const masterOperations: readonly RestOperation[] = [
  {
    operationId: 'getMasterStatus',
    method: 'GET',
    path: '/api/master/status',
    tag: MASTER,
    summary: 'Get the status of the system',
    description:
      'State, uptime in seconds, counters, and the ten subsystems: what `getStatus()` returned, at most 0.1 s ago.',
    answer: {
      kind: 'own',
      scope: 'lightdom:read',
      effect: 'read',
      like: 'system_status',
      status: 200,
      output: systemStatusSchema,
      answer: ({ system }) => system.status(),
    },
  },
  {
    operationId: 'getMasterMetrics',
    method: 'GET',
    path: '/api/master/metrics',
    tag: MASTER,
    summary: 'Get the counters of the system',
    description: 'The `metrics` of the status. For Prometheus there is `/metrics`.',
    answer: {
      kind: 'own',
      scope: 'lightdom:read',
      effect: 'read',
      like: 'system_status',
      status: 200,
      output: systemStatusSchema.shape.metrics,
      answer: ({ system }) => system.status().metrics,
    },
  },
  {
    operationId: 'startMaster',
    method: 'POST',
    path: '/api/master/start',
    tag: MASTER,
    summary: 'Start the system',
    description:
      'Who answers this is up already, or on its way: the answer is the status, however often it is asked. The tool `system_start` also starts services that should run and do not.',
    answer: {
      kind: 'own',
      scope: 'lightdom:admin',
      effect: 'write',
      like: 'system_start',
      status: 200,
      output: systemStatusSchema,
      answer: ({ system }) => system.status(),
    },
  },
  {
    operationId: 'stopMaster',
    method: 'POST',
    path: '/api/master/stop',
    tag: MASTER,
    summary: 'Stop the system',
    description:
      'Begins, after the answer, the graceful stop of the whole process, as SIGTERM does, and asks for no agreement, unlike the tool `system_stop`. Runs go on at the next start.',
    answer: {
      kind: 'own',
      scope: 'lightdom:admin',
      effect: 'destroy',
      like: 'system_stop',
      status: 202,
      output: z.object({ status: z.literal('stopping').describe('What it does from now on.') }),
      answer: ({ system, afterAnswer }) => {
        afterAnswer(() => system.stop());
        return { status: 'stopping' };
      },
    },
  },
  {
    operationId: 'executeWorkflow',
    method: 'POST',
    path: '/api/master/workflow',
    tag: MASTER,
    summary: 'Execute a workflow',
    description: 'A call of the tool `workflow_run`.',
    answer: { kind: 'tool', tool: 'workflow_run', subsystem: 'navigation' },
  },
  {
    operationId: 'startCampaign',
    method: 'POST',
    path: '/api/master/campaign',
    tag: MASTER,
    summary: 'Start a campaign',
    description: 'A call of the tool `campaign_start`.',
    answer: { kind: 'tool', tool: 'campaign_start', subsystem: 'campaigns' },
  },
  {
    operationId: 'listCampaigns',
    method: 'GET',
    path: '/api/master/campaigns',
    tag: MASTER,
    summary: 'List campaigns',
    description: 'A call of the tool `campaign_list`.',
    answer: { kind: 'tool', tool: 'campaign_list', subsystem: 'campaigns' },
  },
  {
    operationId: 'generateTrainingData',
    method: 'POST',
    path: '/api/master/training',
    tag: MASTER,
    summary: 'Generate training data',
    description: 'A call of the tool `training_generate`.',
    answer: { kind: 'tool', tool: 'training_generate', subsystem: 'training' },
  },
];

const runOperations: readonly RestOperation[] = [
  {
    operationId: 'listRuns',
    method: 'GET',
    path: '/api/v1/runs',
    tag: RUNS,
    summary: 'List runs',
    description: 'A call of the tool `run_list`; `nextCursor` leads on.',
    answer: { kind: 'tool', tool: 'run_list', subsystem: 'runs' },
  },
  {
    operationId: 'getRun',
    method: 'GET',
    path: '/api/v1/runs/{runId}',
    tag: RUNS,
    summary: 'Get a run',
    description: 'A call of the tool `run_get`.',
    answer: { kind: 'tool', tool: 'run_get', subsystem: 'runs' },
  },
  {
    operationId: 'getRunLog',
    method: 'GET',
    path: '/api/v1/runs/{runId}/log',
    tag: RUNS,
    summary: 'Read the log of a run',
    description: 'A call of the tool `run_log`; `after` the last sequence leads on.',
    answer: { kind: 'tool', tool: 'run_log', subsystem: 'runs' },
  },
  {
    operationId: 'controlRun',
    method: 'POST',
    path: '/api/v1/runs/{runId}/{action}',
    tag: RUNS,
    summary: 'Control a run',
    description: 'A call of the tool `run_control`. What ends something answers with a `plan` first: send its planId.',
    answer: { kind: 'tool', tool: 'run_control', subsystem: 'runs' },
  },
];

const systemOperations: readonly RestOperation[] = [
  {
    operationId: 'getDescription',
    method: 'GET',
    path: '/api/openapi.json',
    tag: 'Description',
    summary: 'Get this description',
    description: 'OpenAPI 3.1; `/docs` is a page that shows it.',
    answer: {
      kind: 'own',
      scope: 'lightdom:read',
      effect: 'read',
      status: 200,
      output: z.looseObject({ openapi: z.string().describe('Version of the format.') }),
      answer: ({ document }) => document(),
    },
  },
  {
    operationId: 'listTools',
    method: 'GET',
    path: '/api/v1/tools',
    tag: 'Tools',
    summary: 'List the tools that you may call',
    description: 'By the policy of the server, the headers of the request and the scopes of the token.',
    answer: {
      kind: 'own',
      scope: 'lightdom:read',
      effect: 'read',
      status: 200,
      output: toolListSchema,
      answer: ({ access, scopeOf, request }) => {
        const granted = request.identity?.scopes ?? [];
        const { found } = access.search({ words: '', limit: Number.POSITIVE_INFINITY });
        const tools = found
          .map(({ name, description, toolset, isListed, hints, inputSchema }) => {
            return { name, description, toolset, scope: scopeOf(name), isListed, hints, inputSchema };
          })
          .filter(({ scope }) => scope === undefined || granted.includes(scope));
        return { tools };
      },
    },
  },
  {
    operationId: 'getConfig',
    method: 'GET',
    path: '/api/v1/config',
    tag: 'Configuration',
    summary: 'Get the configuration in force',
    description: 'Every key with its value and where that comes from. Secrets are masked.',
    answer: {
      kind: 'own',
      scope: 'lightdom:admin',
      effect: 'read',
      status: 200,
      output: configSchema,
      answer: ({ system }) => ({ keys: system.config() }),
    },
  },
];

/** The route of a tool, whether or not there is one of the name. */
export function toolOperation({ name }: { readonly name: string }): RestOperation {
  return {
    operationId: name,
    method: 'POST',
    path: `/api/v1/tools/${name}`,
    tag: '',
    summary: name,
    description: '',
    answer: { kind: 'tool', tool: name },
  };
}

/** Every route below `/api` but the tools themselves. */
export const REST_OPERATIONS: readonly RestOperation[] = [
  ...systemOperations,
  ...runOperations,
  ...SERVICE_OPERATIONS,
  ...GIT_OPERATIONS,
  ...AGENT_OPERATIONS,
  ...masterOperations,
];
