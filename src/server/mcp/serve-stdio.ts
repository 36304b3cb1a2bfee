import type { Readable, Writable } from 'node:stream';
import process from 'node:process';
import type { Server } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { claimStdout } from './claim-stdout.ts';
import { StdioListening } from './stdio-listening.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface StdioOptions {
  /** Makes the endpoint for the connection once its protocol era is known. */
  build(): Server;
  /** The same as that of the server that it builds. */
  readonly subscriptions: Subscriptions;
  /** Called once when the client has gone (end of input, broken pipe) or `close` was called. */
  onClose(): void;
  readonly input?: Readable;
  /** Where answers go; without it stdout, which then carries nothing else in this process. */
  readonly output?: Writable;
}

export interface StdioConnection {
  close(): Promise<void>;
}

/** Serves MCP, in the protocol era in which the client opens, on stdin and stdout. */
export function serveMcpStdio(options: StdioOptions): StdioConnection {
  const transport = new StdioServerTransport(options.input ?? process.stdin, options.output ?? claimStdout());
  const listening = new StdioListening(options.subscriptions);
  const handle = serveStdio(({ era }) => listening.servedBy(options.build(), era), { transport });
  const { onclose, onmessage } = transport;
  transport.onmessage = (message) => {
    const problem = listening.problemOf(message);
    if (problem === undefined) onmessage?.(message);
    else void transport.send(problem).catch(() => {});
  };
  transport.onclose = () => {
    listening.end();
    onclose?.();
    options.onClose();
  };
  return { close: () => handle.close() };
}
