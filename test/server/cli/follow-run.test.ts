import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import type { Run } from '../../../src/runs/index.ts';
import type { CliSession } from '../../../src/server/cli/cli-session.ts';
import { assertCompleted, followRun } from '../../../src/server/cli/follow-run.ts';
import type { SurfaceBackend } from '../../../src/server/mcp/surface-backend.ts';

const RUN: Run = {
  runId: 'r',
  kind: 'graph_index',
  title: 'Index /x',
  status: 'running',
  progress: { done: 1, total: 4, unit: 'files', message: 'resolving' },
  attempt: 1,
  input: {},
  priority: 5,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-11-01T10:00:01.000Z',
};

/** Answers with each of the given in turn, the last one again and again. */
function backendOf(answers: readonly (Run | AppError)[]): SurfaceBackend {
  const left = [...answers];
  const callTool: SurfaceBackend['callTool'] = () => {
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer === undefined || answer instanceof AppError) return Promise.reject(answer ?? new Error('no answer'));
    return Promise.resolve({ text: '', structured: { run: answer } });
  };
  const unused = (): Promise<never> => Promise.reject(new Error('not asked for'));
  return { callTool, readResource: unused, getPrompt: unused, complete: unused, watch: () => () => {} };
}

function sessionOf(
  lines: string[],
  { signal = new AbortController().signal, notes = [] }: { signal?: AbortSignal; notes?: string[] } = {},
): Pick<CliSession, 'output' | 'signal'> {
  const output = {
    result: () => {},
    line: () => {},
    record: () => {},
    document: () => {},
    note: (text: string) => notes.push(text),
    progress: (line: string) => lines.push(line),
    endProgress: () => {},
  };
  return { output, signal };
}

describe('followRun', () => {
  it('shows progress and returns the run that has ended', async () => {
    const lines: string[] = [];
    const ended = await followRun(sessionOf(lines), backendOf([RUN, { ...RUN, status: 'completed' }]), 'r');
    expect(ended.status).toBe('completed');
    expect(lines).toEqual(['[######------------------]  25 % 1/4 files  resolving']);
  });

  it('sits out a database that is away for a moment, and no other failure', async () => {
    const away = new AppError('not_ready', 'The database does not answer.');
    const ended = await followRun(sessionOf([]), backendOf([away, away, { ...RUN, status: 'failed' }]), 'r');
    expect(ended.status).toBe('failed');
    const unknown = backendOf([new AppError('not_found', 'There is no run `r`.')]);
    await expect(followRun(sessionOf([]), unknown, 'r')).rejects.toThrow('There is no run');
  });

  it('says once what happens meanwhile, and how to answer a question', async () => {
    const notes: string[] = [];
    const asking: Run = { ...RUN, status: 'waiting_approval', approval: 'Delete it all?' };
    const states: Run[] = [RUN, RUN, asking, { ...RUN, attempt: 2 }, { ...RUN, attempt: 2, status: 'completed' }];
    await followRun(sessionOf([], { notes }), backendOf(states), 'r');
    expect(notes).toEqual([
      'Index /x (r)',
      'waits for approval: Delete it all?',
      '  yes: lightdom runs approve r',
      '  no:  lightdom runs reject r --reason TEXT',
      'attempt 2',
      'runs again',
    ]);
  });

  it('says what is asked, and again what is left of it', async () => {
    const notes: string[] = [];
    const name = { message: 'Your name?', schema: { type: 'object' } };
    const asking = (questions: Run['questions']): Run => ({ ...RUN, status: 'waiting_input', questions });
    const both = asking({ 'ask-1-name': name, 'ask-1-pet': { ...name, message: 'Your pet?' } });
    const states = [both, both, asking({ 'ask-1-pet': name }), { ...RUN, status: 'completed' } as const];
    await followRun(sessionOf([], { notes }), backendOf(states), 'r');
    expect(notes).toEqual([
      'Index /x (r)',
      'waits for answers:',
      '  ask-1-name: Your name?',
      '  ask-1-pet: Your pet?',
      `  answer: lightdom call run_answer '{"runId":"r","answers":{"ask-1-name":{"action":"accept","content":{}},"ask-1-pet":{"action":"accept","content":{}}}}'`,
      '  what fits: lightdom runs show r',
      'waits for answers:',
      '  ask-1-pet: Your name?',
      `  answer: lightdom call run_answer '{"runId":"r","answers":{"ask-1-pet":{"action":"accept","content":{}}}}'`,
      '  what fits: lightdom runs show r',
    ]);
  });

  it('stops when it is interrupted', async () => {
    const signal = AbortSignal.timeout(50);
    await expect(followRun(sessionOf([], { signal }), backendOf([RUN]), 'r')).rejects.toThrow('timeout');
  });
});

describe('assertCompleted', () => {
  it('gives each end of a run an exit code of its own', () => {
    expect(() => assertCompleted({ ...RUN, status: 'completed' })).not.toThrow();
    const error = { code: 'internal', message: 'It broke.', hint: 'Retry it.' };
    expect(codeOf(() => assertCompleted({ ...RUN, status: 'failed', error }))).toBe('upstream_failed');
    expect(codeOf(() => assertCompleted({ ...RUN, status: 'cancelled' }))).toBe('cancelled');
  });
});

function codeOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
  }
  return 'none';
}
