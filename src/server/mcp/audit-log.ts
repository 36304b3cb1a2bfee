import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AppendLog } from '../../core/append-log.ts';
import type { AppendLogOptions } from '../../core/append-log.ts';
import type { Config } from '../../core/config/index.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { visibleText } from '../../core/outside-text.ts';
import { redactText } from '../../core/redact.ts';
import type { Caller } from '../../surface/index.ts';
import { traceIdOf } from './call-identity.ts';
import type { CallOrigin } from './surface-backend.ts';

/** One call, after it was answered. */
export interface AuditEntry {
  readonly caller: Pick<Caller, 'principal' | 'client'>;
  readonly origin: CallOrigin | undefined;
  readonly kind: 'tool' | 'resource' | 'prompt' | 'completion' | 'request';
  /** What the server calls it, never what is in an argument. */
  readonly name: string;
  /** Undefined where the arguments were too large to be looked at. */
  readonly input: { readonly value: unknown } | undefined;
  /** Why it was not let through; undefined when it was. */
  readonly deniedBy: string | undefined;
  readonly durationMs: number;
  /** `ok`, `input_required`, or an error code. */
  readonly outcome: string;
}

export interface AuditLog {
  record(entry: AuditEntry): void;
}

const MAX_NAME_CHARACTERS = 100;

/** The record of a data folder, beside what it is the record of; undefined where it is switched off. */
export function auditLogOf({ audit, dataDir }: Pick<Config, 'audit' | 'dataDir'>, log: Log): AuditLog | undefined {
  if (!audit.enabled) return undefined;
  const { maxFileBytes: maxBytes, maxFiles } = audit;
  return createAuditLog({ path: join(dataDir, 'audit.jsonl'), maxBytes, maxFiles, log });
}

/**
 * A line of JSON for each call: who, what, with which arguments by their hash alone, whether it was let through, how it
 * ended. A line that can't be written is an error in the log, and fails no call.
 */
export function createAuditLog(options: AppendLogOptions & { readonly log: Log }): AuditLog {
  const lines = new AppendLog(options);
  return {
    record(entry) {
      try {
        lines.append(redactText(visibleText(JSON.stringify(recordOf(entry)))));
      } catch (error) {
        options.log.error({ err: error, file: options.path }, 'the audit log can not be written');
      }
    },
  };
}

function recordOf({ caller, origin, kind, name, input, deniedBy, durationMs, outcome }: AuditEntry) {
  const { principal, client } = caller;
  return {
    time: new Date().toISOString(),
    principal,
    ...(client === undefined
      ? {}
      : { client: { name: short(client.name), version: short(client.version), isSelfReported: true } }),
    transport: origin?.transport ?? 'process',
    [kind]: short(name),
    ...(input === undefined ? {} : { argumentsSha256: sha256(canonicalJson(input.value)) }),
    decision: deniedBy === undefined ? 'allowed' : 'denied',
    ...(deniedBy === undefined ? {} : { deniedBy }),
    durationMs: Math.round(durationMs * 10) / 10,
    outcome,
    traceId: traceIdOf(origin?.traceparent) ?? newId(),
  };
}

function short(text: string): string {
  return visibleText(text).slice(0, MAX_NAME_CHARACTERS);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
