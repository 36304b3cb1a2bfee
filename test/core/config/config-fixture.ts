import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../../src/core/config/index.ts';
import type { Environment, LoadConfigOptions, LoadedConfig } from '../../../src/core/config/index.ts';
import { AppError } from '../../../src/core/errors.ts';

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file and returns its path. */
export function tempFile(name: string, text: string): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** Loads as on a machine where the user has configured nothing. */
export function load(options: LoadConfigOptions = {}): LoadedConfig {
  return loadConfig({ cwd: '/srv/project', ...options, env: { ...bareEnvironment(), ...options.env } });
}

export function bareEnvironment(): Environment {
  return { XDG_CONFIG_HOME: '/nonexistent/config', XDG_DATA_HOME: '/nonexistent/data' };
}

/** The AppError that loading ends in. */
export function refusal(options: LoadConfigOptions): AppError {
  try {
    load(options);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}
