import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentStore, AttemptStore, TranscriptStore } from '../../../src/agent/agent-runtime.ts';
import { readTranscript } from '../../../src/agent/read-transcript.ts';
import type { ChatMessage } from '../../../src/core/llm/index.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { SEED } from '../agent-sample.ts';

const ROOT = '/srv/project';
const SECRET = 'ghp_abcdefghijklmnopqrstuvwxyz0123';
const CALL = { callId: 'c1', name: 'read_file', arguments: '{"path":"src/a.ts"}' };
const SAID: readonly ChatMessage[] = [
  { role: 'system', content: 'Mend it.' },
  { role: 'user', content: 'src/a.ts:3 is wrong.' },
  { role: 'assistant', content: '', reasoning: 'I look first.', toolCalls: [CALL] },
  { role: 'tool', callId: 'c1', content: `key = ${SECRET}` },
  { role: 'assistant', content: 'It is right as it is.', reasoning: '', toolCalls: [] },
];

describe('a conversation with a model', () => {
  let database: TestDatabase;
  let attempts: AttemptStore;
  let transcripts: TranscriptStore;
  let taskId = '';

  beforeEach(async () => {
    database = await createProductDatabase();
    attempts = new AttemptStore(database.database);
    transcripts = new TranscriptStore(database.database);
    taskId = (await new AgentStore(database.database).upsert(ROOT, [SEED]))[0]?.taskId ?? '';
  });

  afterEach(() => database.drop());

  async function attempt(number: number, provider: string | undefined): Promise<string> {
    const began = { taskId, number, patcher: 'fixer', baseCommit: 'b'.repeat(40), seed: 1, runId: 'r1' } as const;
    const { attemptId } = await attempts.start(began);
    await attempts.end(attemptId, {
      outcome: 'no_fix',
      patcher: provider === undefined ? 'fixer' : 'model',
      fixer: provider === undefined ? undefined : `${provider}/model`,
      title: undefined,
      reason: 'It is right.',
      patch: undefined,
      report: undefined,
      fixability: undefined,
      provider,
    });
    return attemptId;
  }

  const read = (input: { attempt?: number; limit?: number; cursor?: string | undefined } = {}) =>
    readTranscript({ attempts, transcripts }, { taskId, limit: 30, ...input });

  test('is kept as it was said, without secrets, and read of the last attempt that asked', async () => {
    await transcripts.save(await attempt(1, 'deepseek'), SAID);
    await attempt(2, undefined);
    expect(await read()).toEqual({
      taskId,
      attempt: 1,
      model: 'deepseek/model',
      outcome: 'no_fix',
      reason: 'It is right.',
      messages: [
        { number: 1, role: 'system', content: 'Mend it.' },
        { number: 2, role: 'user', content: 'src/a.ts:3 is wrong.' },
        {
          number: 3,
          role: 'assistant',
          content: '',
          reasoning: 'I look first.',
          calls: [{ name: 'read_file', arguments: CALL.arguments }],
        },
        { number: 4, role: 'tool', content: 'key = [Redacted]' },
        { number: 5, role: 'assistant', content: 'It is right as it is.' },
      ],
      total: 5,
    });
  });

  test('of an attempt that is made again after a crash takes the place of what was said before', async () => {
    const attemptId = await attempt(1, 'deepseek');
    await transcripts.save(attemptId, SAID);
    await transcripts.save(attemptId, SAID.slice(0, 2));
    expect((await read({ attempt: 1 })).messages).toHaveLength(2);
  });

  test('is read in pages, by number and by length, each message bounded', async () => {
    const attemptId = await attempt(1, 'deepseek');
    const long: ChatMessage = { role: 'tool', callId: 'c1', content: 'x'.repeat(90_000) };
    const calls = [{ ...CALL, arguments: 'y'.repeat(30_000) }];
    const busy: ChatMessage = { role: 'assistant', content: 'z', reasoning: 'w'.repeat(30_000), toolCalls: calls };
    await transcripts.save(attemptId, [...SAID.slice(0, 3), long, busy]);
    const sizes: number[] = [];
    for (let cursor: string | undefined, pages = 0; pages < 9; pages += 1) {
      const page = await read({ limit: 2, cursor });
      sizes.push(page.messages.length);
      expect(JSON.stringify(page.messages).length).toBeLessThan(21_000);
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect(sizes).toEqual([2, 1, 1, 1]);
  });

  test('is not there where no model was asked, and a cursor goes on with its own alone', async () => {
    await attempt(1, undefined);
    await expect(read()).rejects.toThrow(`No attempt at task \`${taskId}\` has asked a model`);
    await transcripts.save(await attempt(2, 'deepseek'), SAID);
    await expect(read({ attempt: 1 })).rejects.toThrow('No attempt 1 at task');
    const { nextCursor } = await read({ limit: 1 });
    await transcripts.save(await attempt(3, 'deepseek'), SAID);
    await expect(read({ cursor: nextCursor })).rejects.toThrow('does not belong to this question');
  });
});
