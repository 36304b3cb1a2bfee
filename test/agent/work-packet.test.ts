import { describe, expect, test } from 'vitest';
import { renderWorkPacket } from '../../src/agent/agent-text.ts';
import { workPacketOf, workPacketSchema } from '../../src/agent/work-packet.ts';
import type { PacketParts } from '../../src/agent/work-packet.ts';
import { estimateTokens } from '../../src/core/token-estimate.ts';
import { TASK } from './agent-sample.ts';

const PARTS: PacketParts = {
  task: { ...TASK, line: 50 },
  text: Array.from({ length: 100 }, (_, at) => `const value${at + 1} = ${at + 1};`).join('\n'),
  candidates: [{ fixer: 'typescript:spelling', title: "Change spelling to 'count'", diff: '-cuont\n+count' }],
  budget: { diffLines: 200, files: 10 },
  attemptsLeft: 3,
};

const tokensOf = (parts: PacketParts): number => estimateTokens(JSON.stringify(workPacketOf(parts)));

describe('a work packet', () => {
  test('holds the finding, the numbered lines around it, what is suggested, and how a fix is handed in', () => {
    const packet = workPacketOf(PARTS);
    expect(workPacketSchema.parse(packet)).toEqual(packet);
    expect(packet).toMatchObject({ taskId: 't1', line: 50, maxDiffLines: 200, maxFiles: 10, attemptsLeft: 3 });
    expect(packet.code.split('\n')).toContain('50 | const value50 = 50;');
    expect(packet.code.split('\n')).toHaveLength(packet.lastLine - packet.firstLine + 1);
    expect(packet.candidates).toEqual(PARTS.candidates);
    expect(renderWorkPacket(packet)).toContain('50 | const value50 = 50;\n');
  });

  test('has at most 2,000 tokens, for which the code around shrinks', () => {
    const dense = Array.from({ length: 500 }, () => '({[<>]})!?;:,.'.repeat(20)).join('\n');
    const diff = '+({[<>]})!?;:,.\n'.repeat(500);
    const candidates = Array.from({ length: 9 }, () => ({ fixer: 'f', title: 't', diff }));
    const packet = workPacketOf({ ...PARTS, text: dense, candidates });
    expect(tokensOf({ ...PARTS, text: dense, candidates })).toBeLessThanOrEqual(2_000);
    expect(packet.lastLine - packet.firstLine).toBeLessThan(20);
    expect(packet.firstLine).toBeLessThanOrEqual(50);
    expect(packet.lastLine).toBeGreaterThanOrEqual(50);
    expect(tokensOf({ ...PARTS, task: { ...PARTS.task, message: '語'.repeat(5_000) } })).toBeLessThanOrEqual(2_000);
  });

  test('is made of text without secrets, whose lines still have their numbers', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIB\nMIIC\n-----END PRIVATE KEY-----';
    const text = `const a = 1;\nconst key = \`${key}\`;\nconst t = 'ghp_abcdefghijklmnopqrstuvwxyz';\nconst last = 2;`;
    const packet = workPacketOf({ ...PARTS, task: { ...TASK, line: 4 }, text });
    const lines = packet.code.split('\n');
    expect(packet.code).not.toMatch(/MII|ghp_/);
    expect(lines).toContain("6 | const t = '[Redacted]';");
    expect(lines).toContain('7 | const last = 2;');
  });

  test('keeps a secret out also where a cut would go through it', () => {
    const secret = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
    const line = `${'x '.repeat(115)}${secret}`;
    expect(workPacketOf({ ...PARTS, task: { ...TASK, line: 1 }, text: line }).code).not.toContain('ghp_');
    const candidates = [{ fixer: 'f', title: 't', diff: `${'x '.repeat(745)}${secret}` }];
    expect(JSON.stringify(workPacketOf({ ...PARTS, candidates }))).not.toContain('ghp_');
  });

  test('says so when the file could not be read, or the line is past its end', () => {
    expect(workPacketOf({ ...PARTS, text: undefined })).toMatchObject({ code: '', firstLine: 0, lastLine: 0 });
    expect(workPacketOf({ ...PARTS, text: 'one\ntwo' })).toMatchObject({ code: '1 | one\n2 | two', lastLine: 2 });
    expect(renderWorkPacket(workPacketOf({ ...PARTS, text: undefined }))).toContain('(the file could not be read)');
  });
});
