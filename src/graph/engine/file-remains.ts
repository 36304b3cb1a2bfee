import type { FileFacts } from './fact-forms.ts';
import type { FileTable } from './flat/flat-places.ts';
import type { FlatScan } from './flat/flat-scan.ts';
import { nothingKnown } from './flat/plain-knowledge.ts';

/** What has to be kept of a file at each stage: all of it, for all files, would fill the memory. */

/** After its scan: its places are in its table. */
export function withoutPlaces(facts: FileFacts): FileFacts {
  return {
    ...facts,
    declared: new Map(),
    held: new Map(),
    links: new Map(),
    otherNames: new Map(),
    linkNames: new Set(),
  };
}

/** After its resolution: what other files may still point at. */
export function withoutUses(facts: FileFacts): FileFacts {
  return { ...facts, texts: [], forms: new Uint8Array(0), around: new Map(), literals: new Map(), heirs: [] };
}

/** After its resolution: uses and imports are asked about by their own file alone. */
export function withoutLinks(table: FileTable): FileTable {
  return { ...table, links: new Map(), members: new Map(), imported: new Map(), uses: new Float64Array(0) };
}

/** Of a file that vanished since it was listed. */
export function nothingOf(path: string): FlatScan {
  const none = new Int32Array(0);
  const bytes = new Uint8Array(0);
  const candidates = { count: 0, position: none, role: bytes, owner: none, line: none, column: none };
  const maps = {
    around: new Map(),
    literals: new Map(),
    declared: new Map(),
    held: new Map(),
    constructors: new Map(),
  };
  const names = { links: new Map(), otherNames: new Map(), linkNames: new Set<string>() };
  return {
    text: '',
    scan: { path, nodes: [], candidates },
    facts: { texts: [], forms: bytes, heirs: [], ...maps, ...names },
    table: {
      path: '',
      anchors: new Map(),
      held: new Map(),
      links: new Map(),
      otherNames: new Map(),
      uses: new Float64Array(0),
      asked: new Map(),
      ...nothingKnown(),
    },
  };
}
