import { Client, deserializeMessage } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { spawnLightdom } from './master-process.ts';
import type { LightdomProcess } from './master-process.ts';
import { StreamTransport } from './stream-transport.ts';

/** `lightdom mcp` as a client runs it: the process, and the client at its pipes. */
export interface McpProcess {
  readonly pid: number;
  readonly lightdom: LightdomProcess;
  /** The structured answer of a tool; throws the text of one that failed. */
  call(name: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Ends as a client does, by closing the input; resolves to the exit code or signal. */
  close(): Promise<number | string>;
}

/** A master that comes up on a busy machine says so for a while, and an agent calls again. */
const STARTING = 'is still starting';

async function untilReady<T extends { readonly content: unknown }>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await call();
    if (!JSON.stringify(answer.content).includes(STARTING)) return answer;
  }
}

const structuredSchema = z.record(z.string(), z.unknown());

export async function openMcpProcess(args: readonly string[]): Promise<McpProcess> {
  const lightdom = spawnLightdom(['mcp', ...args], { LIGHTDOM_LOG_LEVEL: 'info' });
  const { pid, stdin, stdout } = lightdom.child;
  if (pid === undefined || stdin === null || stdout === null) throw new Error('lightdom mcp did not start');
  // A process that was killed takes its end of the pipe with it.
  stdin.on('error', () => {});
  const client = new Client({ name: 'test', version: '0' });
  await client.connect(new StreamTransport({ input: stdout, output: stdin }, deserializeMessage));
  return {
    pid,
    lightdom,
    async call(name, input = {}) {
      const answer = await untilReady(() => client.callTool({ name, arguments: input }));
      if (answer.isError === true) throw new Error(JSON.stringify(answer.content));
      return structuredSchema.parse(answer.structuredContent);
    },
    async close() {
      stdin.end();
      return lightdom.exited;
    },
  };
}
