import { describe, expect, test } from 'vitest';
import { codeSpan, fencedBlock, harmlessMarkdown, plainLine } from '../../src/agent/neutral-markdown.ts';

describe('a code span', () => {
  test.each([
    ['a', '`a`'],
    ['a `b` c', '``a `b` c``'],
    ['`b`', '`` `b` ``'],
    ['two\nlines', '`two lines`'],
    ['', '`  `'],
    ['turned\u202Earound', '`turnedaround`'],
  ])('of %j is %j', (text, span) => {
    expect(codeSpan(text)).toBe(span);
  });

  test('is cut, and not within a character', () => {
    expect(codeSpan('ab😀cd', 4)).toBe('`ab…`');
  });
});

test('a fence is longer than any run of backticks in it', () => {
  expect(fencedBlock('a\n````\n# b')).toBe('`````\na\n````\n# b\n`````');
  expect(fencedBlock('one\ntwo\nthree', { maxLength: 9, language: 'ts' })).toBe('```ts\none\ntwo\n… (cut)\n```');
});

test('a plain line has nothing that a forge reads anything into', () => {
  expect(plainLine('fix @scope/a, closes #1\nGH-2 https://x.example', 100)).toBe(
    'fix ＠scope/a, closes ＃1 GH 2 https:⁄⁄x.example',
  );
});

describe('markdown of others', () => {
  test('keeps headings, tables, lists, fences and code spans', () => {
    const markdown =
      '### Checks\n\n| a | `@b` |\n|---|---|\n\n- **one** `#1`\n\n```sh\necho @c > <d>\n```\n<details><summary>more</summary>';
    expect(harmlessMarkdown(markdown)).toBe(markdown);
  });

  test.each([
    ['@victim', '＠victim'],
    ['closes #1 and GH-2', 'closes ＃1 and GH 2'],
    ['![p](https://x.example)', '!\\[p\\](https:⁄⁄x.example)'],
    ['<script>', '&lt;script>'],
    ['<details onclick=x>', '&lt;details onclick=x>'],
    ['a ` b\n`@victim`', 'a &#96; b\n`@victim`'],
    ['\\`@victim`', '\\&#96;＠victim&#96;'],
    ['``` `@victim', '&#96;&#96;&#96; &#96;＠victim'],
  ])('%j becomes %j', (markdown, harmless) => {
    expect(harmlessMarkdown(markdown)).toBe(harmless);
  });
});
