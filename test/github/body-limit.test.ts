import { describe, expect, test } from 'vitest';
import { boundedBody, boundedTitle, markerOf, MAX_BODY_CHARACTERS } from '../../src/github/body-limit.ts';
import { refusalOf } from '../support/refusal-of.ts';

describe('a body', () => {
  test('that fits stays as it is, with its marker at the end', () => {
    expect(boundedBody('Evidence.')).toBe('Evidence.');
    expect(boundedBody('Evidence.', markerOf('a:1'))).toBe('Evidence.\n\n<!-- lightdom:a:1 -->');
    const exact = 'x'.repeat(MAX_BODY_CHARACTERS);
    expect(boundedBody(exact)).toBe(exact);
  });

  test('that is too long is cut between characters, says how much is missing and keeps its marker', () => {
    const marker = markerOf('a:1');
    for (const lead of ['', 'x']) {
      const body = boundedBody(lead + '😀'.repeat(MAX_BODY_CHARACTERS), marker);
      expect(body.length).toBeLessThanOrEqual(MAX_BODY_CHARACTERS);
      expect(body).not.toMatch(/\p{Surrogate}/u);
      const [, kept = '', cut = '0'] =
        /^(.+)\n\n_Cut here: (\d+) more characters\._\n\n<!-- lightdom:a:1 -->$/s.exec(body) ?? [];
      expect(kept.length + Number(cut)).toBe(lead.length + 2 * MAX_BODY_CHARACTERS);
    }
  });

  test('tells no secret by its looks', () => {
    expect(boundedBody(`log: Authorization: Bearer ${'a1'.repeat(20)}`)).toBe('log: Authorization: Bearer [Redacted]');
  });
});

describe('a title', () => {
  test('is one line of at most 256 characters, and not empty', () => {
    expect(boundedTitle('  Fix\n\tit ')).toBe('Fix it');
    expect(boundedTitle('word '.repeat(100))).toMatch(/^(word )+…$|^(word )+w?o?r?d?…$/);
    expect(boundedTitle('x'.repeat(300))).toHaveLength(256);
    expect(refusalOf(() => boundedTitle(' \n')).code).toBe('invalid_input');
  });
});

describe('a marker', () => {
  test('holds nothing that could end the comment it is', () => {
    expect(markerOf('finding:12/a.b-c')).toBe('<!-- lightdom:finding:12/a.b-c -->');
    for (const key of ['', 'a --> b', 'a b', 'x'.repeat(201)]) {
      expect(refusalOf(() => markerOf(key)).code).toBe('invalid_input');
    }
  });
});
