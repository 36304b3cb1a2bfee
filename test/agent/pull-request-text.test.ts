import { describe, expect, test } from 'vitest';
import { fixabilityOf, trainFixability } from '../../src/agent/fixability.ts';
import { limitsOf, pullRequestTextOf } from '../../src/agent/pull-request-text.ts';
import type { PullRequestParts } from '../../src/agent/pull-request-text.ts';
import { REPORT, TASK } from './agent-sample.ts';

const SECRET = 'ghp_abcdefghijklmnopqrstuvwxyz0123';

const PARTS: PullRequestParts = {
  task: TASK,
  fix: {
    patcher: 'fixer',
    fixer: 'typescript:spelling',
    title: "Change spelling to 'count'",
    evidence: ['the compiler names one candidate, at distance 2'],
  },
  before: ['src/a.ts(3,9): error TS2552'],
  report: REPORT,
  evidence: '| check | before | after |\n|---|---|---|\n| `tsc --noEmit` | 2 | 0 |',
  fixability: fixabilityOf(
    trainFixability([]),
    { fixer: 'typescript:spelling', rule: TASK.rule, task: TASK },
    { branch: 0.4, pullRequest: 0.78, criticalFix: 0.8, refactor: 0.6, docs: 0.5 },
  ),
  commands: ['npx tsc --noEmit'],
  seed: 7,
  baseCommit: 'b'.repeat(40),
  branch: 'agent/fix-spelling-0123abcd',
  diff: { files: ['src/a.ts'], addedLines: 1, removedLines: 1 },
};

/** What is left when fences and code spans are taken out: what a forge reads anything into. */
function prose(markdown: string): string {
  return markdown.replaceAll(/^(`{3,})[^`\n]*\n[^]*?\n\1$/gm, '').replaceAll(/(`+)[^]*?[^`]\1(?!`)/g, '');
}

describe('the text of a pull request', () => {
  test('says what was wrong, what was done, what was seen, how sure it is, what is open, and how to see the same', () => {
    const { title, body } = pullRequestTextOf(PARTS);
    expect(title).toBe("fix: Change spelling to 'count' (ts/2552, src/a.ts)");
    expect(body).toMatchInlineSnapshot(`
      "## What was wrong

      \`typescript\` reports \`ts/2552\` (medium) at \`src/a.ts:3\`:

      \`\`\`
      Cannot find name 'cuont'. Did you mean 'count'?
      \`\`\`

      What ends with the change, too:

      \`\`\`
      src/a.ts(3,9): error TS2552
      \`\`\`

      ## What was changed

      By the fixer \`typescript:spelling\`: \`Change spelling to 'count'\`.

      Why this one:

      - \`the compiler names one candidate, at distance 2\`

      1 line added and 1 removed in 1 file: \`src/a.ts\`.

      ## What was seen of it

      | check | before | after |
      |---|---|---|
      | \`tsc --noEmit\` | 2 | 0 |

      ## How sure it is

      Chance that a fix of this fixer for this rule is verified and accepted: 0.96, foretold before it was verified; the baseline, all fixes alike, is 0.50.

      \`typescript:spelling on ts/2552: 0 of 0 here; on all rules 0 of 0; bench 53 right, 1 wrong. No outcome is known yet; 20 are needed to compare the estimate with a baseline.\`

      ## What was not verified

      - tests: not run, \`\` there is no script \`test\` \`\`.
      - Tests noticed none of the mutants: they may not reach the change.
      - 2 mutants went unnoticed by all checks.
      - Checks that pass do not prove that behaviour is as it was meant: please read the change.

      ## How to see the same

      Base commit \`bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\`, branch \`agent/fix-spelling-0123abcd\`, seed 7, task \`t1\`.

      On that branch, with \`node_modules/.bin\` in the \`PATH\`:

      \`\`\`sh
      npx tsc --noEmit
      \`\`\`"
    `);
  });

  test('names the model that made it, and what it cost', () => {
    const model = { provider: 'deepseek', name: 'deepseek-v4-flash', usd: 0.00123, tokens: 4_321 };
    const { body } = pullRequestTextOf({ ...PARTS, fix: { ...PARTS.fix, patcher: 'model' }, model });
    expect(body).toContain('`deepseek-v4-flash` of `deepseek` was asked: 4321 tokens, 0.0012 US dollars.');
  });

  test('says that the baseline decided where the estimate is switched off', () => {
    const fixability = { ...PARTS.fixability, isEstimateUsed: false, probability: 0.5 };
    expect(pullRequestTextOf({ ...PARTS, fixability }).body).toContain(
      'accepted: 0.50, the baseline of all fixes alike. It foretold better than the estimate for this fixer and rule, 0.96.',
    );
  });
});

describe('text from outside', () => {
  const HOSTILE =
    'x `` @victim closes #12 ![p](https://evil.example/p.png) <img src=x> <!-- y -->\n```\n@victim fixes #13\n~~~\n' +
    SECRET;

  const hostile = pullRequestTextOf({
    ...PARTS,
    task: { ...TASK, message: HOSTILE, rule: HOSTILE, path: HOSTILE, symbol: HOSTILE },
    fix: { patcher: 'client', fixer: HOSTILE, title: HOSTILE, evidence: [HOSTILE] },
    before: [HOSTILE],
    evidence: HOSTILE,
    report: { ...REPORT, gates: REPORT.gates.map((gate) => ({ ...gate, reason: HOSTILE })) },
    fixability: { ...PARTS.fixability, basis: HOSTILE },
    commands: [HOSTILE],
    branch: HOSTILE,
    diff: { files: [HOSTILE], addedLines: 1, removedLines: 1 },
    model: { provider: HOSTILE, name: HOSTILE, usd: 0, tokens: 0 },
  });

  test('calls nobody, closes nothing, loads nothing and is no markup', () => {
    const outside = prose(hostile.body);
    expect(outside).not.toMatch(/@victim|#1\d|!\[|<img|<!--|https:\/\//);
    expect(outside).toContain('## How to see the same');
  });

  test('does so neither in the title, which is one line', () => {
    expect(hostile.title).not.toMatch(/[@#\n]|:\/\//);
    expect(hostile.title.length).toBeLessThanOrEqual(120);
  });

  test('brings no secret along', () => {
    expect(hostile.body).not.toContain(SECRET.slice(0, 12));
    expect(hostile.body).toContain('[Redacted]');
  });

  test('is bounded, however long, and a fence that is cut is closed', () => {
    const evidence = `\`\`\`\n${'a line of evidence\n'.repeat(10_000)}\`\`\``;
    const { body } = pullRequestTextOf({
      ...PARTS,
      evidence,
      before: Array.from({ length: 500 }, () => 'x'.repeat(999)),
    });
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(prose(body)).toContain('## How to see the same');
    expect((body.match(/^```/gm)?.length ?? 1) % 2).toBe(0);
  });

  test('keeps its secrets also where the cut would go through one', () => {
    const message = `${'y'.repeat(3_990)} ${SECRET}`;
    expect(pullRequestTextOf({ ...PARTS, task: { ...TASK, message } }).body).not.toContain('ghp_');
  });
});

test('what was not verified is told even of a flawless report', () => {
  const gates = REPORT.gates.filter(({ verdict }) => verdict === 'passed');
  const strength = { mutants: 8, killed: 8, killedByTests: 5, survived: [], seed: 7, durationMs: 1 };
  expect(limitsOf({ ...REPORT, gates, strength })).toEqual([
    'Checks that pass do not prove that behaviour is as it was meant: please read the change.',
  ]);
});
