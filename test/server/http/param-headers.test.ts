import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { paramHeaderProblem, paramHeadersOf } from '../../../src/server/http/param-headers.ts';
import { defineTool } from '../../../src/surface/index.ts';

const deploy = defineTool({
  name: 'deploy',
  title: 'Deploy',
  description: 'Deploys.',
  effect: 'write',
  idempotent: false,
  openWorld: true,
  input: z.object({
    region: z.string().meta({ 'x-mcp-header': 'Region' }).optional(),
    count: z.number().meta({ 'x-mcp-header': 'Count' }).optional(),
    note: z.string().optional(),
  }),
  output: z.object({}),
  run: () => Promise.resolve({}),
});

const declared = paramHeadersOf({
  toolsets: [{ toolset: { id: 't', title: 'T', description: 'T.', isDefault: true }, tools: [deploy] }],
  resources: [],
  prompts: [],
});

function problemOf(args: Record<string, unknown>, headers: Record<string, string>): object | undefined {
  const params = { name: 'deploy', arguments: args };
  return paramHeaderProblem(declared, headers, { jsonrpc: '2.0', id: 7, method: 'tools/call', params });
}

const wrapped = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

describe('arguments in headers', () => {
  test.each([
    [{ region: 'eu-west' }, { 'mcp-param-region': 'eu-west' }],
    [{ region: 'eu-west' }, { 'mcp-param-region': '  eu-west ' }],
    [{ region: 'Zürich' }, { 'mcp-param-region': wrapped('Zürich') }],
    [{ count: 42 }, { 'mcp-param-count': '42.0' }],
    [{ note: 'x' }, {}],
    [{}, { 'mcp-param-region': 'left over' }],
  ])('%j goes with %j', (args, headers) => {
    expect(problemOf(args, headers)).toBeUndefined();
  });

  test.each([
    [{ region: 'eu-west' }, {}],
    [{ region: 'eu-west' }, { 'mcp-param-region': 'us-east' }],
    [{ region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVsbG8?=' }],
    [{ region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVs!!!bG8=?=' }],
    [{ region: '�' }, { 'mcp-param-region': '=?base64?/w==?=' }],
    [{ count: 42 }, { 'mcp-param-count': '' }],
  ])('%j is refused with %j', (args, headers) => {
    expect(problemOf(args, headers)).toMatchObject({ id: 7, error: { code: -32_020 } });
  });

  test('other requests, and tools without such arguments, are not looked at', () => {
    expect(paramHeaderProblem(declared, {}, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).toBeUndefined();
    const other = { name: 'other', arguments: { region: 'x' } };
    expect(
      paramHeaderProblem(declared, {}, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: other }),
    ).toBeUndefined();
  });
});
