import type { RestOperation } from './rest-operation.ts';

const SERVICES = 'Services';

/** Services, as calls of their tools. */
export const SERVICE_OPERATIONS: readonly RestOperation[] = [
  {
    operationId: 'listServices',
    method: 'GET',
    path: '/api/v1/services',
    tag: SERVICES,
    summary: 'List services',
    description: 'A call of the tool `service_list`.',
    answer: { kind: 'tool', tool: 'service_list' },
  },
  {
    operationId: 'getService',
    method: 'GET',
    path: '/api/v1/services/{name}',
    tag: SERVICES,
    summary: 'Get a service',
    description: 'A call of the tool `service_list` for one name: a list of one.',
    answer: { kind: 'tool', tool: 'service_list' },
  },
  {
    operationId: 'getServiceLog',
    method: 'GET',
    path: '/api/v1/services/{name}/logs',
    tag: SERVICES,
    summary: 'Read the log of a service',
    description: 'A call of the tool `service_logs`.',
    answer: { kind: 'tool', tool: 'service_logs' },
  },
  {
    operationId: 'controlService',
    method: 'POST',
    path: '/api/v1/services/{name}/{action}',
    tag: SERVICES,
    summary: 'Control a service',
    description:
      'A call of the tool `service_control`. What ends one that runs answers with a `plan` first: send its planId.',
    answer: { kind: 'tool', tool: 'service_control' },
  },
];
