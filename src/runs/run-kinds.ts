import type { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { RunContext, RunKind, RunQueueName } from './run-kind.ts';

/** A kind with an input that fits it. */
export interface PreparedRun {
  readonly queue: RunQueueName;
  title(): string;
  execute(context: RunContext): Promise<Record<string, unknown>>;
}

/** The kinds of runs that this process can execute. */
export class RunKinds {
  readonly #kinds = new Map<string, (input: unknown) => PreparedRun>();
  readonly #disposers = new Map<string, (runId: string) => Promise<void>>();

  add<I>(kind: RunKind<I>): void {
    if (this.#kinds.has(kind.kind))
      throw new AppError('conflict', `Kind of runs \`${kind.kind}\` is registered already.`);
    this.#kinds.set(kind.kind, (raw) => {
      const input = parseInput(kind, raw);
      return {
        queue: kind.queue ?? 'runs',
        title: () => kind.title(input),
        execute: (context) => kind.execute(input, context),
      };
    });
    if (kind.dispose !== undefined)
      this.#disposers.set(kind.kind, (runId) => kind.dispose?.(runId) ?? Promise.resolve());
  }

  /** Throws `invalid_input` for an unknown kind and for an input that its schema refuses. */
  prepare(kindName: string, input: unknown): PreparedRun {
    const prepare = this.#kinds.get(kindName);
    if (prepare === undefined) {
      throw new AppError('invalid_input', `There is no kind of runs \`${kindName}\`.`, {
        hint: `Known kinds: ${[...this.#kinds.keys()].join(', ')}.`,
      });
    }
    return prepare(input);
  }

  /** Deletes what a kind keeps elsewhere for a run; nothing for a kind that keeps nothing, or is not known here. */
  async dispose(kindName: string, runId: string): Promise<void> {
    await this.#disposers.get(kindName)?.(runId);
  }
}

function parseInput<I>(kind: RunKind<I>, raw: unknown): I {
  const parsed = kind.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => describeIssue(issue)).join('; ');
  throw new AppError('invalid_input', `The input of a ${kind.kind} run does not fit: ${problems}.`);
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}
