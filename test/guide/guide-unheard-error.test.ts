import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { REPOSITORY, temporaryDataDir } from '../support/master-process.ts';

/** As a user's program: the package by its name, no listener, and something that goes on after the failed start. */
const PROGRAM = `
  import { MasterSystemOrchestrator } from 'lightdom';
  const orchestrator = new MasterSystemOrchestrator({
    dataDir: process.argv[1],
    log: { level: 'silent' },
    database: { host: '127.0.0.1', port: 1, user: 'me', password: 'hunter2' },
  });
  let failure;
  try {
    await orchestrator.start();
  } catch (error) {
    failure = error.message;
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  console.log(JSON.stringify({ failure, status: orchestrator.getStatus().status }));
`;

const resultSchema = z.object({ failure: z.string(), status: z.string() });

describe('an error that nobody listens for', () => {
  it('does not end the process: the start rejects, the status is `error`, the program goes on and ends by itself', async () => {
    const data = temporaryDataDir();
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, data.path], {
      cwd: REPOSITORY,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    data.remove();
    expect(stderr).toBe('');
    expect(child.exitCode).toBe(0);
    const { failure, status } = resultSchema.parse(JSON.parse(stdout));
    expect(failure).toContain('No database answers at postgresql://me:••••@127.0.0.1:1');
    expect(status).toBe('error');
  });
});
