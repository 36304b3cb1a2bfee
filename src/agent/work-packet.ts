import { z } from 'zod';
import { redactText } from '../core/redact.ts';
import { estimateTokens } from '../core/token-estimate.ts';
import type { AgentTask } from './agent-schema.ts';

/** What a client's own model needs to mend one finding: the finding, the code around it, and the form of the answer. */

const candidateSchema = z.object({
  fixer: z.string().describe('Who suggests it.'),
  title: z.string().describe('What it does.'),
  diff: z.string().describe('As git diff writes it; may be cut.'),
});

export const workPacketSchema = z.object({
  taskId: z.string().describe('Handle; the answer names it.'),
  rule: z.string().describe('Which rule.'),
  severity: z.string().describe('How grave.'),
  path: z.string().describe('Relative to the workspace.'),
  line: z.number().int().optional().describe('Where it is, from 1.'),
  message: z.string().describe('What is wrong.'),
  code: z.string().describe('Lines around it, each with its number; secrets are taken out.'),
  firstLine: z.number().int().describe('First of them; 0 when there are none.'),
  lastLine: z.number().int().describe('Last of them.'),
  candidates: z.array(candidateSchema).describe('Fixes that programs suggest, best first; none was verified.'),
  editForm: z.string().describe('How a fix is handed in.'),
  rules: z.array(z.string()).describe('What a fix must keep to.'),
  maxDiffLines: z.number().int().describe('Most lines that it may change.'),
  maxFiles: z.number().int().describe('Most files that it may change.'),
  attemptsLeft: z.number().int().describe('Fixes that may still be handed in.'),
});
export type WorkPacket = z.infer<typeof workPacketSchema>;

export interface PacketParts {
  readonly task: Pick<AgentTask, 'taskId' | 'rule' | 'severity' | 'path' | 'line' | 'message'>;
  /** The whole file; absent where it can't be read. */
  readonly text: string | undefined;
  readonly candidates: WorkPacket['candidates'];
  readonly budget: { readonly diffLines: number; readonly files: number };
  readonly attemptsLeft: number;
}

const MAX_TOKENS = 2_000;
const MAX_MESSAGE = 1_200;
const MAX_LINE = 240;
/** What is shown around the line and of the suggestions, most first; the first that fits is taken. */
const SIZES = [
  { radius: 40, candidates: 3, diff: 1_500 },
  { radius: 25, candidates: 3, diff: 1_000 },
  { radius: 15, candidates: 2, diff: 700 },
  { radius: 8, candidates: 2, diff: 400 },
  { radius: 4, candidates: 1, diff: 300 },
  { radius: 1, candidates: 1, diff: 0 },
  { radius: 0, candidates: 0, diff: 0 },
] as const;

const EDIT_FORM =
  'edits: [{ path, search, replace }]. `search` is copied from the file without line numbers and occurs exactly once in it; ' +
  'several edits of a file are applied in order, all or none. An empty `search` makes a new file.';

const RULES = [
  'Mend the cause; do not silence it: no ts-ignore, no eslint-disable, no `as any`, no skipped test.',
  'Leave tests, configuration, lock files and CI as they are.',
  'Change as little as possible; keep the style of the file.',
  'Lines that hold [Redacted] are not as in the file: do not search for them.',
];

/** At most about 2,000 tokens: the code around the line shrinks, and the suggestions with it, until the packet fits. */
export function workPacketOf(parts: PacketParts): WorkPacket {
  const lines = redactedLines(parts.text ?? '');
  const packets = SIZES.map((size) => packetOf(parts, lines, size));
  const fitting = packets.find((packet) => estimateTokens(JSON.stringify(packet)) <= MAX_TOKENS);
  return fitting ?? shortened(parts, lines);
}

function packetOf(
  { task, text, candidates, budget, attemptsLeft }: PacketParts,
  lines: readonly string[],
  size: { readonly radius: number; readonly candidates: number; readonly diff: number },
): WorkPacket {
  const window = windowOf(text === undefined ? [] : lines, task.line ?? 1, size.radius);
  return {
    taskId: task.taskId,
    rule: task.rule,
    severity: task.severity,
    path: task.path,
    line: task.line,
    message: cut(redactText(task.message), MAX_MESSAGE),
    ...window,
    candidates: candidates.slice(0, size.candidates).map(({ fixer, title, diff }) => ({
      fixer: cut(redactText(fixer), 100),
      title: cut(redactText(title), 200),
      diff: cut(redactText(diff), size.diff),
    })),
    editForm: EDIT_FORM,
    rules: RULES,
    maxDiffLines: budget.diffLines,
    maxFiles: budget.files,
    attemptsLeft,
  };
}

/** A finding whose message alone is too long for a model's own words, say in a script with few tokens. */
function shortened(parts: PacketParts, lines: readonly string[]): WorkPacket {
  const task = { ...parts.task, message: redactText(parts.task.message).slice(0, 300) };
  return packetOf({ ...parts, task }, lines, { radius: 0, candidates: 0, diff: 0 });
}

function windowOf(
  lines: readonly string[],
  line: number,
  radius: number,
): Pick<WorkPacket, 'code' | 'firstLine' | 'lastLine'> {
  if (lines.length === 0) return { code: '', firstLine: 0, lastLine: 0 };
  const at = Math.min(Math.max(line, 1), lines.length);
  const firstLine = Math.max(at - radius, 1);
  const lastLine = Math.min(at + radius, lines.length);
  const width = String(lastLine).length;
  const code = lines
    .slice(firstLine - 1, lastLine)
    .map((text, index) => `${String(firstLine + index).padStart(width)} | ${cut(text, MAX_LINE)}`)
    .join('\n');
  return { code, firstLine, lastLine };
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\w+/=\\\s-]{0,10000}/g;

/** Redacted as a whole before anything is cut, and with as many lines as before: numbers of lines must go on being right. */
export function redactedLines(text: string): string[] {
  const keyless = text.replaceAll(PRIVATE_KEY, (key) => `[Redacted]${'\n'.repeat(key.split('\n').length - 1)}`);
  return redactText(keyless).split(/\r?\n/);
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}
