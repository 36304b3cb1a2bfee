import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { createDeferredBackend } from '../../../src/server/mcp/deferred-backend.ts';
import type { SurfaceBackend } from '../../../src/server/mcp/surface-backend.ts';

const call = { signal: new AbortController().signal, progress: () => {}, log: () => {} };

const echo: SurfaceBackend = {
  callTool: (name) => Promise.resolve({ text: name, structured: {} }),
  readResource: (uri) => Promise.resolve([{ uri, mimeType: 'text/plain', text: '' }]),
  getPrompt: (name) => Promise.resolve(name),
};

describe('a deferred backend', () => {
  it('lets calls wait for the backend', async () => {
    let resolve = (_backend: SurfaceBackend): void => {};
    const backend = createDeferredBackend(
      new Promise((settle) => {
        resolve = settle;
      }),
    );
    const early = backend.callTool('early', {}, call);
    resolve(echo);
    expect((await early).text).toBe('early');
    expect(await backend.getPrompt('p', {})).toBe('p');
    expect(await backend.readResource('x://y', call)).toHaveLength(1);
  });

  it('passes on why there is none', async () => {
    const backend = createDeferredBackend(Promise.reject(new AppError('not_configured', 'no Postgres')));
    await expect(backend.callTool('x', {}, call)).rejects.toThrow('no Postgres');
  });

  it('stops waiting when the caller does', async () => {
    const backend = createDeferredBackend(new Promise(() => {}));
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(backend.callTool('x', {}, { ...call, signal })).rejects.toThrow('gone');
  });
});
