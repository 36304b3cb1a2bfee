import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { boundedAnswer, DEFAULT_ANSWER_TOKENS, MAX_ANSWER_TOKENS } from '../../../src/server/mcp/bounded-answer.ts';
import { defineTool, renderNext } from '../../../src/surface/index.ts';
import type { Tool, ToolEffect } from '../../../src/surface/index.ts';
import { refusalOf } from '../../support/refusal-of.ts';

const page = { limit: z.int().optional(), cursor: z.string().optional() };

function toolTaking(fields: z.ZodRawShape, effect: ToolEffect = 'read'): Tool {
  return defineTool({
    name: 'list_all',
    title: 'List',
    description: 'Lists.',
    effect,
    idempotent: true,
    openWorld: false,
    input: z.object(fields),
    output: z.object({ total: z.int(), rows: z.array(z.string()).optional(), needed: z.array(z.string()) }),
    run: () => Promise.reject(new Error('It is not run.')),
  });
}

/** 64 characters that are estimated at 20 tokens. */
const LINE = `${'word '.repeat(12)}end\n`;
const linesOf = (tokens: number): string => LINE.repeat(Math.ceil(tokens / 20)).trimEnd();
const small = { total: 1, needed: [] };

describe('the text of an answer', () => {
  test('passes as it is within the default', () => {
    const answer = { text: linesOf(DEFAULT_ANSWER_TOKENS - 100), structured: small };
    expect(boundedAnswer(answer, { tool: toolTaking(page), input: {} })).toEqual(answer);
  });

  test('beyond the default is cut at the end of a line, and says how much and how to go on', () => {
    const next = [{ tool: 'run_get', arguments: { runId: 'r' } }];
    const text = `${linesOf(DEFAULT_ANSWER_TOKENS)}\n${LINE.repeat(10)}end${renderNext(next)}`;
    const bounded = boundedAnswer({ text, next, structured: small }, { tool: toolTaking(page), input: {} });
    const lines = bounded.text.split('\n');
    expect(lines.at(-1)).toBe('next: run_get {"runId":"r"}');
    expect(lines.at(-2)).toMatch(
      /^… cut: 1[23] more lines \(\d+ characters\)\. Call list_all with a lower limit, and go on with its cursor\.$/,
    );
    expect(new Set(lines.slice(0, -2))).toEqual(new Set([LINE.trimEnd()]));
    expect(countTokens(bounded.text)).toBeLessThanOrEqual(DEFAULT_ANSWER_TOKENS);
    expect(bounded.next).toEqual(next);
  });

  test('may be longer where the call says how much it wants, up to the most', () => {
    const tool = toolTaking(page);
    const longer = { text: linesOf(MAX_ANSWER_TOKENS - 100), structured: small };
    expect(boundedAnswer(longer, { tool, input: { limit: 500 } })).toEqual(longer);
    const most = boundedAnswer(
      { text: linesOf(MAX_ANSWER_TOKENS + 500), structured: small },
      { tool, input: { limit: 500 } },
    );
    expect(most.text).toContain('… cut: ');
    expect(countTokens(most.text)).toBeLessThanOrEqual(MAX_ANSWER_TOKENS);
    // A field that the tool does not have says nothing.
    const odd = boundedAnswer(longer, { tool: toolTaking({}), input: { limit: 500 } });
    expect(odd.text).toContain('Ask list_all for less: something narrower.');
  });

  test('that is one endless line is cut within it, between characters', () => {
    const bounded = boundedAnswer(
      { text: '😀'.repeat(100_000), structured: small },
      { tool: toolTaking({}), input: {} },
    );
    const [first = ''] = bounded.text.split('\n');
    expect(first).toMatch(/^(?:😀)+$/u);
    expect(bounded.text).toContain('… cut: 1 more line ');
  });

  test.each([
    [{ limit: z.int() }, 'Call list_all with a lower limit.'],
    [
      { ...page, detail: z.string() },
      'Call list_all with a lower limit and detail concise, and go on with its cursor.',
    ],
    [{ budget: z.int() }, 'Call list_all with a lower budget.'],
    [{ detail: z.string() }, 'Call list_all with detail concise.'],
  ])('names what the tool has to ask for less: %#', (fields, hint) => {
    const text = linesOf(DEFAULT_ANSWER_TOKENS * 2);
    expect(boundedAnswer({ text, structured: small }, { tool: toolTaking(fields), input: {} }).text).toContain(hint);
  });
});

describe('a structured answer that is too large', () => {
  const rows = Array.from({ length: 2_000 }, () => 'x'.repeat(60));

  test('loses optional fields, which the text names', () => {
    const call = { tool: toolTaking(page), input: {} };
    expect(boundedAnswer({ text: 'much', structured: { total: 2_000, rows, needed: ['a'] } }, call)).toEqual({
      text: 'much\nleft out of the structured answer, too large: rows',
      structured: { total: 2_000, needed: ['a'] },
    });
  });

  test('is refused where its schema would not hold, with the call that is small enough', () => {
    const structured = { total: 2_000, needed: rows };
    expect(
      refusalOf(() => boundedAnswer({ text: 'much', structured }, { tool: toolTaking(page), input: {} })),
    ).toMatchObject({
      code: 'limit_reached',
      message: 'The answer of list_all is larger than 20000 tokens.',
      hint: 'Call list_all with a lower limit, and go on with its cursor.',
    });
  });

  test('of a tool that changes something says that this is done', () => {
    const call = { tool: toolTaking({}, 'write'), input: {} };
    const structured = { total: 1, needed: rows };
    expect(refusalOf(() => boundedAnswer({ text: 'much', structured }, call)).message).toContain(
      'What it does is done.',
    );
  });
});

test('embedded texts count', () => {
  const resource = { uri: 'test://large', mimeType: 'text/plain', text: linesOf(MAX_ANSWER_TOKENS + 100) };
  const answer = { text: 'see', structured: small, attachments: [{ type: 'resource', resource }] as const };
  expect(refusalOf(() => boundedAnswer(answer, { tool: toolTaking({}), input: {} }))).toMatchObject({
    code: 'limit_reached',
  });
});
