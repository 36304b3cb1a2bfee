import { visibleText } from '../core/outside-text.ts';
import { redactText } from '../core/redact.ts';

/**
 * Text from outside (code, messages of compilers, words of models) in Markdown that a forge renders: it must call nobody, close no
 * issue, load no image and be no markup. Inside code none of that happens, so it goes into fences and code spans; what
 * stands outside of them is made harmless besides.
 */

/** One line as a code span, cut to a length. The fence is longer than any run of backticks in it. Not for tables. */
export function codeSpan(text: string, maxLength = 300): string {
  const line = cleaned(text).replaceAll(/\s+/g, ' ').trim();
  const cut = cutText(line, maxLength);
  const fence = '`'.repeat(longestRun(cut, /`+/g) + 1);
  const isTouching = cut === '' || cut.startsWith('`') || cut.endsWith('`');
  return isTouching ? `${fence} ${cut} ${fence}` : `${fence}${cut}${fence}`;
}

/** Lines as a fenced block, cut to a length at the end of a line where there is one. */
export function fencedBlock(text: string, { language = '', maxLength = 4_000 } = {}): string {
  const whole = cleaned(text).replaceAll('\r\n', '\n').trimEnd();
  const cut = whole.length <= maxLength ? whole : `${wholeLines(whole, maxLength)}\n… (cut)`;
  const fence = '`'.repeat(Math.max(3, longestRun(cut, /`+/g) + 1));
  return `${fence}${language}\n${cut}\n${fence}`;
}

/** One line that no forge reads anything into: for titles, which become subjects of commits. */
export function plainLine(text: string, maxLength: number): string {
  const line = cleaned(text).replaceAll(/\s+/g, ' ').trim();
  return cutText(
    line
      .replaceAll('@', '＠')
      .replaceAll('#', '＃')
      .replaceAll(/\bGH-(?=\d)/gi, 'GH ')
      .replaceAll('://', ':⁄⁄'),
    maxLength,
  );
}

/** The same for prose within Markdown that others have put together: fences and code spans stay as they are. */
export function harmlessMarkdown(markdown: string): string {
  let fence = '';
  return cleaned(markdown)
    .split('\n')
    .map((line) => {
      const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
      if (fence !== '') {
        if (mark?.[1]?.startsWith(fence) === true && mark[2]?.trim() === '') fence = '';
        return line;
      }
      if (mark?.[1] !== undefined && !(mark[1].startsWith('`') && mark[2]?.includes('`') === true)) {
        fence = mark[1];
        return line;
      }
      return harmlessLine(line);
    })
    .join('\n');
}

const ALLOWED_TAGS = /^<\/?(?:details|summary)>/;

/** A backtick that no other one on its line answers could pair with one elsewhere, and turn a span inside out. */
function harmlessLine(line: string): string {
  if (line.includes('\\`')) return harmlessProse(line);
  return line
    .split(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/)
    .map((part, index, parts) => {
      // The pattern gives three parts a span: what is before, the fence, and what is within.
      if (index % 3 === 1) return '';
      if (index % 3 === 2) return `${parts[index - 1] ?? ''}${part}${parts[index - 1] ?? ''}`;
      return harmlessProse(part);
    })
    .join('');
}

function harmlessProse(text: string): string {
  return text
    .replaceAll('`', '&#96;')
    .replaceAll(/@(?=[\w-])/g, '＠')
    .replaceAll(/#(?=\d)/g, '＃')
    .replaceAll(/\bGH-(?=\d)/gi, 'GH ')
    .replaceAll(/!\[/g, '!\\[')
    .replaceAll(/\]\(|\]:/g, (close) => `\\${close}`)
    .replaceAll(/<[^>]*>?/g, (tag) => (ALLOWED_TAGS.test(tag) ? tag : `&lt;${tag.slice(1)}`))
    .replaceAll(/\b(https?):\/\//gi, '$1:⁄⁄');
}

function cleaned(text: string): string {
  return visibleText(redactText(text));
}

function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function wholeLines(text: string, maxLength: number): string {
  const head = text.slice(0, maxLength);
  const end = head.lastIndexOf('\n');
  return end > 0 ? head.slice(0, end) : head;
}

function longestRun(text: string, pattern: RegExp): number {
  return Math.max(0, ...[...text.matchAll(pattern)].map(([run]) => run.length));
}
