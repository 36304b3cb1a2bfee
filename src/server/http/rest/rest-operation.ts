import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Scope } from '../../../core/access.ts';
import type { ConfigRow } from '../../../core/config/index.ts';
import type { SystemStatus } from '../../../orchestrator/index.ts';
import type { ToolEffect } from '../../../surface/index.ts';
import type { ToolAccess } from '../../dispatch/tool-access.ts';

/** One route, as a value: what is registered and what the description says are both made of it. */
export interface RestOperation {
  readonly operationId: string;
  readonly method: 'GET' | 'POST';
  /** As the description has it: `/api/v1/runs/{runId}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly answer: ToolRoute | OwnRoute;
}

/**
 * A call of a tool: its input is made of the path, and of the query (GET) or the body (POST). While the catalog has no such
 * tool the route answers 501 and names the subsystem that will bring it.
 */
export interface ToolRoute {
  readonly kind: 'tool';
  readonly tool: string;
  readonly subsystem?: string;
}

/** Answers itself, where there is no tool. */
export interface OwnRoute {
  readonly kind: 'own';
  readonly scope: Scope;
  readonly effect: ToolEffect;
  /** The tool that tells the same: where the policy denies it, this is denied as well. */
  readonly like?: string;
  readonly status: 200 | 202;
  readonly output: z.ZodObject;
  answer(context: OwnContext): Readonly<Record<string, unknown>>;
}

export interface OwnContext {
  readonly system: RestSystem;
  readonly access: ToolAccess;
  readonly request: FastifyRequest;
  /** The description of all operations. */
  readonly document: () => Readonly<Record<string, unknown>>;
  /** What a tool needs; undefined for one that is not there. */
  readonly scopeOf: (tool: string) => Scope | undefined;
  /** What is to be done once the answer is out. */
  readonly afterAnswer: (work: () => void) => void;
}

/** What the routes need of the process that they are served by. */
export interface RestSystem {
  status(): SystemStatus;
  /** Every key with the value in force; secrets masked. */
  config(): readonly ConfigRow[];
  /** Begins the graceful stop of the whole process, and returns at once. */
  stop(): void;
  readonly answers: AnswerKeeper;
}

/** An answer as it went out. */
export interface KeptAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A request that its caller may send again. */
export interface KeyedRequest {
  readonly owner: string;
  readonly key: string;
  /** Equal for equal requests. */
  readonly fingerprint: string;
}

export type KeyState =
  /** It is ours to answer: `keep` or `release` must follow. */
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly fingerprint: string; readonly answer: KeptAnswer }
  /** Begun, and without an answer: `isOurs` when this process is at it. */
  | { readonly kind: 'begun'; readonly fingerprint: string; readonly isOurs: boolean };

/** First answers to requests with an `Idempotency-Key`. */
export interface AnswerKeeper {
  begin(request: KeyedRequest): Promise<KeyState>;
  keep(request: KeyedRequest, answer: KeptAnswer): Promise<void>;
  /** Nothing was done: the key is free again. */
  release(request: KeyedRequest): Promise<void>;
}

/** Names of the `{variables}` of a path. */
export function pathVariables(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}
