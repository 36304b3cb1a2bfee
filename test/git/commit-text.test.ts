import { describe, expect, test } from 'vitest';
import { withCommitType } from '../../src/git/commit-text.ts';
import { commitText, commitTypeOfCategory, commitTypeOfPurpose } from '../../src/git/index.ts';

describe('the message of a commit', () => {
  test('has a subject with its type, a body of short lines and trailers', () => {
    const body = `${'word '.repeat(30)}\n\n- a list item stays as long as it is ${'x'.repeat(60)}`;
    const text = commitText({
      type: 'fix',
      scope: 'src/cart',
      title: 'Await the price.',
      body,
      trailers: { 'Lightdom-Task': 't_1', 'Two words': 'a\nb' },
    });
    const [subject, empty, ...rest] = text.split('\n');
    expect(subject).toBe('fix(src/cart): Await the price');
    expect(empty).toBe('');
    expect(rest[0]?.length).toBeLessThanOrEqual(72);
    expect(text).toContain(`- a list item stays as long as it is ${'x'.repeat(60)}`);
    expect(text.endsWith('\n\nLightdom-Task: t_1\nTwo-words: a b\n')).toBe(true);
  });

  test('cuts a long title at a word, and begins the body with the whole of it', () => {
    const title = `Replace ${'very '.repeat(20)}long titles`;
    const text = commitText({ type: 'refactor', title });
    const [subject = '', , ...body] = text.split('\n');
    expect(subject.length).toBeLessThanOrEqual(72);
    expect(subject).toMatch(/^refactor: Replace (?:very )+very…$/);
    expect(body.join(' ').trim()).toBe(title);
    const unbroken = commitText({ type: 'fix', title: 'é😀'.repeat(60) }).split('\n', 1)[0] ?? '';
    expect(unbroken.length).toBeLessThanOrEqual(72);
    expect(Buffer.from(unbroken).toString()).toBe(unbroken);
  });

  test('is one line of title whatever the title holds, and no secret', () => {
    const text = commitText({ type: 'fix', title: 'a\n\nCo-authored-by: x\u0000', body: 'token=abcdefgh12345678' });
    expect(text).toBe('fix: a Co-authored-by: x\n\ntoken=[Redacted]\n');
  });

  test('gets a type where it has none', () => {
    expect(withCommitType('fix', 'mend it')).toBe('fix: mend it');
    expect(withCommitType('fix', 'feat(api)!: add it')).toBe('feat(api)!: add it');
    expect(withCommitType('docs', 'fixed: a thing')).toBe('docs: fixed: a thing');
  });
});

test('types follow from categories and purposes', () => {
  const categories = ['bug', 'architecture', 'dead_code', 'style', 'duplication', 'anything'];
  expect(categories.map(commitTypeOfCategory)).toEqual(['fix', 'refactor', 'chore', 'style', 'refactor', 'fix']);
  expect(commitTypeOfPurpose('feature')).toBe('feat');
  expect(commitTypeOfPurpose('bugfix')).toBe('fix');
});
