import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readBoundedText } from '../../core/config/index.ts';
import { MAX_MANIFEST_BYTES } from './manifest-schema.ts';

/** Of a workspace. */
const MANIFEST_NAME = 'lightdom.services.yaml';

export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

/** Undefined when there is none. Throws `invalid_input` for one that can't be read. */
export function findWorkspaceManifest(workspace: string): ManifestFile | undefined {
  const path = join(workspace, MANIFEST_NAME);
  return existsSync(path) ? readManifestFile(path) : undefined;
}

/** Throws `invalid_input` when it can't be read. */
export function readManifestFile(path: string): ManifestFile {
  return { path, text: readBoundedText(path, { what: 'The manifest of services', maxBytes: MAX_MANIFEST_BYTES }) };
}
