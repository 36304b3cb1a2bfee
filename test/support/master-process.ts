import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { copyDataFolder } from './data-template.ts';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(REPOSITORY, 'dist/bin/lightdom.js');

/** `lightdom` as a user runs it, with what it has said so far. */
export interface LightdomProcess {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when `found` holds of what was said; rejects with all of it when the process ends first. */
  until(found: () => boolean): Promise<void>;
  /** Exit code, or the name of the signal. */
  exited: Promise<number | string>;
}

export function spawnLightdom(args: readonly string[], env: Record<string, string> = {}): LightdomProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: REPOSITORY,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...cleanEnvironment(), ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = once(child, 'close').then(([code, signal]: unknown[]) =>
    typeof code === 'number' ? code : String(signal),
  );
  const until = (found: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (found()) resolve();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      void exited.then((code) => reject(new Error(`exited with ${code}\n${stdout}\n${stderr}`)));
      look();
    });
  return { child, stdout: () => stdout, stderr: () => stderr, until, exited };
}

/** Runs one command to its end. */
export async function runLightdom(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | string; stdout: string; stderr: string }> {
  const lightdom = spawnLightdom(args, env);
  lightdom.child.stdin?.end();
  const code = await lightdom.exited;
  return { code, stdout: lightdom.stdout(), stderr: lightdom.stderr() };
}

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** A data folder after a first start, which is gone at the end; its path is short enough for a Unix socket. */
export function temporaryDataDir(): TemporaryFolder {
  const folder = emptyDataDir();
  copyDataFolder(inject('dataTemplate'), folder.path);
  return folder;
}

/** A data folder before a first start. */
export function emptyDataDir(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'ld-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ours without what would configure LightDom. */
function cleanEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])),
  );
}
