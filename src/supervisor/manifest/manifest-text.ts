import { isCollection, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { AppError, messageOf } from '../../core/errors.ts';
import { manifestSchema, MAX_MANIFEST_BYTES } from './manifest-schema.ts';
import type { Manifest } from './manifest-schema.ts';
import { manifestError, problemsOf } from './manifest-problem.ts';
import type { ManifestProblem } from './manifest-problem.ts';

type Path = readonly PropertyKey[];

/** A manifest and a way to complain about a place in its file. */
export interface ParsedManifest {
  readonly manifest: Manifest;
  errorOf(problems: readonly ManifestProblem[]): AppError;
}

/** Anchors and aliases beyond this would let a small file grow large. */
const MAX_ALIASES = 100;

/**
 * The manifest that stands in the text of `file`. Throws `invalid_input` that names every problem by file, line, key,
 * value and what is valid there.
 */
export function parseManifest(text: string, file: string): ParsedManifest {
  if (Buffer.byteLength(text) > MAX_MANIFEST_BYTES) {
    throw new AppError('invalid_input', `${file} is larger than ${MAX_MANIFEST_BYTES} bytes.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    throw new AppError('invalid_input', `${file}:${line}: this is not YAML: ${broken.message}.`);
  }
  const lineOf = (path: Path): number | undefined => lineAt(document, lines, path);
  const content = contentOf(document, file);
  const parsed = manifestSchema.safeParse(content ?? {});
  if (!parsed.success) throw manifestError(file, problemsOf(parsed.error.issues, content), lineOf);
  return { manifest: parsed.data, errorOf: (problems) => manifestError(file, problems, lineOf) };
}

/** The same for a manifest that stands in the configuration: there are no lines. */
export function checkManifest(content: unknown, origin: string): ParsedManifest {
  const parsed = manifestSchema.safeParse(content);
  const lineOf = (): undefined => undefined;
  if (!parsed.success) throw manifestError(origin, problemsOf(parsed.error.issues, content), lineOf);
  return { manifest: parsed.data, errorOf: (problems) => manifestError(origin, problems, lineOf) };
}

function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new AppError('invalid_input', `${file} can't be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** The line of the key at the end of the path; of the nearest group around it when it is missing. */
function lineAt(document: Document, lines: LineCounter, path: Path): number | undefined {
  let node: unknown = document.contents;
  let line = offsetLine(node, lines);
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key: name }) => isScalar(name) && String(name.value) === String(key));
      if (pair === undefined) return line;
      line = offsetLine(pair.key, lines) ?? line;
      node = pair.value;
    } else if (isCollection(node)) {
      node = node.get(Number(key), true);
      line = offsetLine(node, lines) ?? line;
    } else {
      return line;
    }
  }
  return line;
}

function offsetLine(node: unknown, lines: LineCounter): number | undefined {
  const offset = isNode(node) ? node.range?.[0] : undefined;
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
