import { AppendLog } from '../../core/append-log.ts';
import { messageOf } from '../../core/errors.ts';
import { visibleText } from '../../core/outside-text.ts';
import { redactText } from '../../core/redact.ts';
import type { LogLine, LogStream } from '../supervisor-schema.ts';

export interface ServiceLogOptions {
  /** Of the lines on disk; older ones lie beside it. */
  readonly file: string;
  /** Values that are masked wherever they stand. */
  readonly secrets: readonly string[];
  /** Texts that a probe waits for. */
  readonly awaited: readonly string[];
  nowMs(): number;
  onLine(line: LogLine): void;
  /** Once, until it can be written again. */
  onUnwritable(reason: string): void;
}

export const KEPT_LINES = 1_000;
const MAX_LINE_CHARACTERS = 2_000;
const FILE_BYTES = 5 * 1024 * 1024;
const FILES = 5;
/** A disk that is full is not asked again for each line. */
const RETRY_FILE_MS = 5_000;
/** Shorter ones would blank out ordinary words. */
const SHORTEST_SECRET = 4;

/** What a service says: the last lines in memory, all of them in files as far as these can be written. */
export class ServiceLog {
  readonly #options: ServiceLogOptions;
  readonly #file: AppendLog;
  readonly #said = new Set<string>();
  #lines: LogLine[] = [];
  #retryFileAtMs = -Infinity;
  #isUnwritable = false;

  constructor(options: ServiceLogOptions) {
    this.#options = options;
    this.#file = new AppendLog({ path: options.file, maxBytes: FILE_BYTES, maxFiles: FILES });
  }

  /** Never throws. */
  append(stream: LogStream, text: string): void {
    if (stream !== 'supervisor') for (const awaited of this.#options.awaited) this.#hear(text, awaited);
    const line = { at: new Date(this.#options.nowMs()).toISOString(), stream, line: this.#clean(text) };
    this.#lines.push(line);
    if (this.#lines.length >= 2 * KEPT_LINES) this.#lines = this.#lines.slice(-KEPT_LINES);
    this.#write(line);
    this.#options.onLine(line);
  }

  /** Lines from a time before this process, older than all that it has. */
  preload(lines: readonly LogLine[]): void {
    this.#lines = [...lines, ...this.#lines];
  }

  /** The last ones, oldest of them first; those after `since` (ISO 8601) only, if given. */
  tail(count: number, since?: string): LogLine[] {
    const sinceMs = since === undefined ? -Infinity : Date.parse(since);
    const kept = this.#lines.slice(-KEPT_LINES);
    return kept.filter(({ at }) => Date.parse(at) > sinceMs).slice(-Math.min(count, KEPT_LINES));
  }

  /** A process has begun; one that is adopted said before what it had to say. */
  begin(isAdopted: boolean): void {
    this.#said.clear();
    if (isAdopted) for (const text of this.#options.awaited) this.#said.add(text);
  }

  hasSaid(text: string): boolean {
    return this.#said.has(text);
  }

  #hear(text: string, awaited: string): void {
    if (text.includes(awaited)) this.#said.add(awaited);
  }

  #clean(text: string): string {
    let clean = visibleText(text);
    for (const secret of this.#options.secrets) {
      if (secret.length >= SHORTEST_SECRET) clean = clean.replaceAll(secret, '[Redacted]');
    }
    return redactText(clean).slice(0, MAX_LINE_CHARACTERS);
  }

  #write(line: LogLine): void {
    const nowMs = performance.now();
    if (nowMs < this.#retryFileAtMs) return;
    try {
      this.#file.append(`${line.at} ${line.stream} ${line.line}`);
      this.#isUnwritable = false;
    } catch (error) {
      this.#retryFileAtMs = nowMs + RETRY_FILE_MS;
      if (!this.#isUnwritable) this.#options.onUnwritable(`${this.#options.file}: ${messageOf(error)}`);
      this.#isUnwritable = true;
    }
  }
}
