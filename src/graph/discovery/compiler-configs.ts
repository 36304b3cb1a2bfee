import { existsSync } from 'node:fs';
import process from 'node:process';
import { normaliseOptions } from './compiler-options.ts';
import type { PlainOptions } from './compiler-options.ts';
import { readConfigText } from './config-host.ts';
import { readPlainConfig } from './plain-config.ts';
import type { ReadConfig } from './plain-config.ts';
import { nameIn, SixConfigs } from './six-configs.ts';
import type { SourceListing } from './source-walk.ts';

/** One tsconfig that could be read. */
export interface CompilerConfig {
  /** Absolute. */
  readonly path: string;
  readonly folder: string;
  /** Absolute paths, as its `files` and `include` select them. */
  readonly files: readonly string[];
  readonly options: PlainOptions;
  /** Absolute folders that it writes to. */
  readonly outputFolders: readonly string[];
  /** Folder that output mirrors. */
  readonly sourceFolder: string | undefined;
  /** Absolute paths of the configurations it refers to. */
  readonly references: readonly string[];
}

export interface CompilerConfigs {
  /** In order of discovery: those that carry the usual name by path, each followed by what only it refers to. */
  readonly usable: ReadonlyMap<string, CompilerConfig>;
  /** Absolute paths of configurations that could not be used at all. */
  readonly broken: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

/** Reads every tsconfig of the listing and what they refer to. A broken one becomes a warning and nothing else. */
export async function readCompilerConfigs(listing: SourceListing, pace: () => Promise<void>): Promise<CompilerConfigs> {
  const usable = new Map<string, CompilerConfig>();
  const broken = new Set<string>();
  const warnings: string[] = [];
  const read = configReader(listing);
  const pending = startingPoints(listing.configs).toReversed();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (usable.has(path) || broken.has(path)) continue;
    await pace();
    const { config, problems } = read(path);
    warnings.push(...problems);
    if (config === undefined) broken.add(path);
    else usable.set(path, config);
    for (const reference of config?.references ?? []) {
      if (existsSync(reference)) pending.push(reference);
      else
        warnings.push(
          `${nameIn(listing.root, path)} refers to ${nameIn(listing.root, reference)}, which does not exist.`,
        );
    }
  }
  return { usable, broken, warnings };
}

/** A jsconfig.json counts only where there is no tsconfig.json. */
function startingPoints(configs: readonly string[]): string[] {
  const all = new Set(configs);
  return configs
    .filter((path) => !all.has(path.replace(/jsconfig\.json$/, 'tsconfig.json')) || path.endsWith('/tsconfig.json'))
    .toSorted();
}

interface ReadResult {
  readonly config: CompilerConfig | undefined;
  readonly problems: readonly string[];
}

/** Where the case of names does not matter, only TypeScript compares them. */
const HAS_PLAIN_NAMES = process.platform === 'linux';

function configReader(listing: SourceListing): (path: string) => ReadResult {
  const six = new SixConfigs(listing);
  return (path) => {
    const name = nameIn(listing.root, path);
    const text = readConfigText(listing.root, path);
    if (text === undefined) return { config: undefined, problems: [`${name} can't be read, or is larger than 1 MB.`] };
    const plain = HAS_PLAIN_NAMES ? readPlainConfig(path, text, listing) : undefined;
    if (plain !== undefined) return { config: configOf(path, plain), problems: [] };
    const { config, problems } = six.read(path, text);
    return { config: config === undefined ? undefined : configOf(path, config), problems };
  };
}

function configOf(path: string, { options, files, references }: ReadConfig): CompilerConfig {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const outputs = [options.outDir, options.declarationDir].filter((output) => output !== undefined);
  return {
    path,
    folder,
    files,
    options: normaliseOptions(options, folder),
    outputFolders: [...new Set(outputs)],
    sourceFolder: options.rootDir,
    references,
  };
}
