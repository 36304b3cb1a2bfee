import type { Readable, Writable } from 'node:stream';
import process from 'node:process';
import type { Server } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { claimStdout } from './claim-stdout.ts';

export interface StdioOptions {
  /** Makes the endpoint for the connection once its protocol era is known. */
  build(): Server;
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
  const handle = serveStdio(() => options.build(), { transport });
  const closeConnection = transport.onclose;
  transport.onclose = () => {
    closeConnection?.();
    options.onClose();
  };
  return { close: () => handle.close() };
}
