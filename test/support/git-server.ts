import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const PROGRAM = fileURLToPath(new URL('../fixtures/git-server/serve.mjs', import.meta.url));

const requestSchema = z.object({ path: z.string(), authorization: z.string() });
export type GitServerRequest = z.infer<typeof requestSchema>;

/** Bare repositories of a folder over smart HTTP, in another process. */
export interface GitServer {
  readonly url: string;
  /** In the order in which they came. */
  readonly requests: readonly GitServerRequest[];
  /** Resolves at the next request whose path begins so. */
  seen(path: string): Promise<void>;
  close(): Promise<void>;
}

export async function startGitServer(folder: string, elsewhere = ''): Promise<GitServer> {
  const child = spawn('node', [PROGRAM, folder, elsewhere], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const lines = createInterface({ input: child.stdout });
  const requests: GitServerRequest[] = [];
  let waiting: { readonly path: string; readonly resolve: () => void }[] = [];
  const port = await new Promise<string>((resolve) => lines.once('line', resolve));
  lines.on('line', (line) => {
    const request = requestSchema.parse(JSON.parse(line));
    requests.push(request);
    for (const { path, resolve } of waiting) if (request.path.startsWith(path)) resolve();
    waiting = waiting.filter(({ path }) => !request.path.startsWith(path));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    seen: (path) => new Promise((resolve) => waiting.push({ path, resolve })),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
