import { describe, expect, test } from 'vitest';
import { evidenceMarkdown, evidenceText, neutralText } from '../../../src/agent/verify/evidence-text.ts';
import { verifyReportSchema } from '../../../src/agent/verify/verify-report.ts';
import type { VerifyReport } from '../../../src/agent/verify/verify-report.ts';

const REPORT: VerifyReport = verifyReportSchema.parse({
  verdict: 'failed',
  reasons: ['vitest run: 1 new diagnostic with the change.'],
  target: { before: 1, after: 0 },
  gates: [
    {
      kind: 'types',
      command: 'tsc --noEmit -p tsconfig.json',
      verdict: 'passed',
      before: { exitCode: 2, endedBy: 'exit', durationMs: 1_234, diagnostics: 1, tail: 'x' },
      after: { exitCode: 0, endedBy: 'exit', durationMs: 2_345, diagnostics: 0, tail: '' },
      flaky: [],
      added: [],
      removed: ['src/a.ts: TS2552 Cannot find name.'],
    },
    {
      kind: 'tests',
      command: 'vitest run',
      verdict: 'failed',
      reason: '1 new diagnostic with the change.',
      before: { exitCode: 0, endedBy: 'exit', durationMs: 100, tail: '' },
      after: { endedBy: 'timeout', durationMs: 100, tail: 'FAIL a\nexpected 1' },
      flaky: [],
      added: ['a.test.ts › adds'],
      removed: [],
    },
  ],
  selection: '1 of 20 test files: 1 import the change, 0 are named after it.',
  selectedTests: ['a.test.ts'],
  strength: { mutants: 4, killed: 3, killedByTests: 2, survived: ['src/a.ts:3: < → <='], seed: 9, durationMs: 5_000 },
  confinement: { network: true, mounts: true, pids: true, memory: false },
  durationMs: 9_000,
  seed: 9,
});

test('the evidence names commands, exit codes, times, diagnostics, strength, confinement and seed', () => {
  expect(evidenceMarkdown(REPORT)).toMatchInlineSnapshot(`
    "Verification: failed. Findings of this kind in the file: 1 before, 0 with the change.

    \`\`\`text
    vitest run: 1 new diagnostic with the change.
    \`\`\`

    | gate | looks at | verdict | before | with the change |
    | --- | --- | --- | --- | --- |
    | 1 | types | passed | exit code 2, 1 diagnostic, 1.2 s | exit code 0, 0 diagnostics, 2.3 s |
    | 2 | tests | failed | exit code 0, 0.1 s | ended by timeout, 0.1 s |

    \`\`\`text
    gate 1: $ tsc --noEmit -p tsconfig.json
    gone: src/a.ts: TS2552 Cannot find name.
    \`\`\`

    \`\`\`text
    gate 2: $ vitest run
    1 new diagnostic with the change.
    new: a.test.ts › adds

    FAIL a
    expected 1
    \`\`\`

    Tests that were run:

    \`\`\`text
    1 of 20 test files: 1 import the change, 0 are named after it.
    a.test.ts
    \`\`\`

    Of 4 mutants (small faults put into the change) the gates noticed 3, tests 2 of these (5.0 s).

    \`\`\`text
    survived: src/a.ts:3: < → <=
    \`\`\`

    Programs were shut in: network, mounts, pids, not of memory. Seed 9; 9.0 s in all."
  `);
  expect(evidenceText(REPORT)).toMatchInlineSnapshot(`
    "Verification: failed.
        vitest run: 1 new diagnostic with the change.
    Findings of this kind in the file: 1 before, 0 with the change.
    types: passed; before: exit code 2, 1 diagnostic, 1.2 s; with the change: exit code 0, 0 diagnostics, 2.3 s
        tsc --noEmit -p tsconfig.json
        gone: src/a.ts: TS2552 Cannot find name.
    tests: failed; before: exit code 0, 0.1 s; with the change: ended by timeout, 0.1 s
        vitest run
        1 new diagnostic with the change.
        new: a.test.ts › adds
    Of 4 mutants (small faults put into the change) the gates noticed 3, tests 2 of these (5.0 s).
        survived: src/a.ts:3: < → <=
    Programs were shut in: network, mounts, pids, not of memory. Seed 9; 9.0 s in all."
  `);
});

/** A report in which everything from outside is one text. */
function saying(text: string): VerifyReport {
  const kinds = [
    ['types', 'passed'],
    ['tests', 'failed'],
  ] as const;
  const after = { endedBy: 'exit' as const, durationMs: 1, tail: text };
  const gates = kinds.map(([kind, verdict]) => {
    return { kind, verdict, command: text, reason: text, after, added: [text], removed: [text], flaky: [text] };
  });
  const strength = { mutants: 1, killed: 0, killedByTests: 0, survived: [text], seed: 1, durationMs: 1, note: text };
  return { ...REPORT, reasons: [text], gates, selection: text, selectedTests: [text], strength };
}

/** What stands outside of all fences. */
function outside(markdown: string): string {
  let fence = '';
  const lines = markdown.split('\n').filter((line) => {
    const mark = /^(`{3,})/.exec(line)?.[1] ?? '';
    if (fence === '' && mark !== '') fence = mark;
    else if (fence !== '' && line === fence) {
      fence = '';
      return false;
    }
    return fence === '';
  });
  expect(fence).toBe('');
  return lines.join('\n');
}

describe('what is from outside can do nothing', () => {
  test.each([
    ['a mention', '@octocat please', /@octocat/],
    ['a team', 'cc @org/team', /@org/],
    ['a closing keyword', 'fixes #12 and closes octo/repo#3, resolves GH-4', /#\d|GH-\d/],
    ['one with an address', 'fixes https://github.com/o/r/issues/1', /https:\/\//],
    ['a bare address', 'see www.example.com', /www\./],
    ['hidden letters', 'a@\u200boctocat \u202e#1', /[\u200b\u202e]|@octocat/],
    ['a secret', 'token ghp_abcdefghijklmnopqrstuvwxyz0123456789', /ghp_abc/],
    ['a secret that would be cut', `${'x'.repeat(290)} ghp_abcdefghijklmnopqrstuvwxyz0123456789`, /ghp_/],
  ])('%s', (_what, text, dangerous) => {
    expect(evidenceMarkdown(saying(text))).not.toMatch(dangerous);
    expect(evidenceText(saying(text))).not.toMatch(dangerous);
  });

  test.each([
    ['markup', '<img src=x onerror=alert(1)><!-- '],
    ['a link that looks like another', '[https://a.org](https://b.org) ![x](y)'],
    ['the end of a fence', 'a\n```\n# Approved\n````\n~~~'],
    ['a table', '| a | b |\n| --- | --- |'],
  ])('%s stands in fences alone', (_what, text) => {
    const plain = outside(evidenceMarkdown(saying(text)));
    expect(plain).not.toMatch(/<img|\[https|!\[|# Approved|\| a \|/);
    expect(
      evidenceText(saying(text))
        .split('\n')
        .filter((line) => line.startsWith('# Approved')),
    ).toEqual([]);
  });

  test('however much it is', () => {
    const long = saying('long '.repeat(10_000));
    for (const most of [24_000, 3_000, 600]) {
      const markdown = evidenceMarkdown(long, most);
      expect(markdown.length).toBeLessThanOrEqual(most);
      expect(markdown).toContain('Verification: failed');
      expect(markdown).toContain('Seed 9');
      outside(markdown);
      expect(evidenceText(long, most).length).toBeLessThanOrEqual(most);
    }
    expect(evidenceMarkdown(long, 600)).toContain('More was left out.');
  });

  test('and ordinary text stays readable', () => {
    expect(neutralText('src/a.ts: Array<string> is not C# or item #x')).toBe(
      'src/a.ts: Array<string> is not C# or item #x',
    );
  });
});

test('a change that was refused says that nothing was run', () => {
  const report: VerifyReport = {
    verdict: 'refused',
    reasons: ['a'],
    gates: [],
    selectedTests: [],
    durationMs: 3,
    seed: 1,
  };
  expect(evidenceText(report)).toBe('Verification: refused.\n    a\nNothing was run. Seed 1; 0.0 s in all.');
});
