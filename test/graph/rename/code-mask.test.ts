import { expect, test } from 'vitest';
import { maskOf } from '../../../src/graph/rename/code-mask.ts';

/** The text without what is not code. */
function codeOf(text: string): string {
  const mask = maskOf(text);
  return Array.from(text, (char, at) => (mask[at] === 0 || char === '\n' ? char : '_')).join('');
}

test.each([
  { what: 'comments', text: `a // b 'c'\nd /* e\n'f' */ g`, code: `a ________\nd ____\n______ g` },
  { what: 'strings with escapes', text: `'a\\'b' + "c//" + d`, code: `______ + _____ + d` },
  { what: 'an open string ends with its line', text: `it's\nfine`, code: `it__\nfine` },
  { what: 'templates in templates', text: '`a${b + `c${d}` + {e}.f}g` + h', code: '____b + ____d__ + {e}.f___ + h' },
  { what: 'patterns, and divisions', text: `x = /['"/]/ + a / b / c`, code: `x = _______ + a / b / c` },
  { what: 'an arrow to a pattern', text: `() => /'/.test(a)`, code: `() => ___.test(a)` },
  { what: 'tags', text: `<A {...b} /><C>d</C>`, code: `<A {...b} /><C>d</C>` },
  { what: 'open comments and templates', text: 'a `b\nc', code: 'a __\n_' },
])('$what', ({ text, code }) => {
  expect(codeOf(text)).toBe(code);
});
