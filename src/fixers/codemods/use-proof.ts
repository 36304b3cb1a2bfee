import type { PlaceTexts } from '../place-files.ts';
import type { LinkMemory } from './link-memory.ts';
import { isCode, makesNames, resolveRelative, stemOf } from './import-links.ts';
import type { ModuleLink } from './import-links.ts';
import { hasWord, PackageFacts } from './package-facts.ts';

/** Prose may name anything; lock files name packages alone. */
const NO_WITNESS =
  /\.(?:md|mdx?|txt|lock|log|map|snap|svg)$|(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|LICENSE|CHANGELOG)/;
const STAR = /export\s*\*\s*(?:from|as)/;

/** Whether something is certain not to be used from outside of its file, and why or why not. */
export interface UseProof {
  readonly isProven: boolean;
  readonly reasons: readonly string[];
}

/** All texts of a place, asked who uses what. Nothing is guessed: what could be a use counts as one. */
export class PlaceUses {
  readonly packages: PackageFacts;
  readonly #place: PlaceTexts;
  readonly #memory: LinkMemory;

  constructor(place: PlaceTexts, memory: LinkMemory) {
    this.#place = place;
    this.#memory = memory;
    this.packages = new PackageFacts(place.texts);
  }

  get texts(): ReadonlyMap<string, string> {
    return this.#place.texts;
  }

  /** Proves that no other file uses what `path` exports as `name`, and that no package offers it. */
  async proveExportUnused(path: string, name: string): Promise<UseProof> {
    const offered = [...this.#generalDoubts(), ...this.#offers([path])];
    if (offered.length > 0) return { isProven: false, reasons: offered };
    const barrels = await this.#barrelsOf(path);
    const passed = this.#offers([...barrels]);
    if (passed.length > 0) return { isProven: false, reasons: passed };
    let importers = 0;
    for (const [other, text] of this.texts) {
      if (other === path || NO_WITNESS.test(other)) continue;
      const { isImporter, doubt } = await this.#witness(other, text, { path, name, barrels });
      if (doubt !== undefined) return { isProven: false, reasons: [doubt] };
      if (isImporter) importers += 1;
    }
    if (importers === 0) return { isProven: false, reasons: ['no file imports it, so what loads it is unknown'] };
    const way = barrels.size === 0 ? '' : ', also by way of what passes it on';
    return {
      isProven: true,
      reasons: [`${this.texts.size} files were read: of ${importers} that import ${path} none takes ${name}${way}`],
    };
  }

  /** Proves that a word stands in no other file but prose. */
  proveNowhereNamed(word: string, path: string): UseProof {
    const doubts = this.#generalDoubts();
    for (const [other, text] of this.texts) {
      if (other !== path && !NO_WITNESS.test(other) && hasWord(text, word)) doubts.push(`${other} names ${word}`);
    }
    if (doubts.length > 0) return { isProven: false, reasons: doubts.slice(0, 5) };
    return { isProven: true, reasons: [`${this.texts.size} files were read: no other names ${word}`] };
  }

  /** Files that name another one by an import or a string. */
  async importersOf(path: string): Promise<string[]> {
    const stem = stemOf(path);
    const importers: string[] = [];
    for (const [other, text] of this.texts) {
      const mayLead = other !== path && isCode(other) && (text.includes(stem) || makesNames(text));
      if (mayLead && (await this.#leadsTo(other, path))) importers.push(other);
    }
    return importers;
  }

  /** What is no code and names a file by its stem: pages, configurations, scripts. */
  othersNaming(path: string): string[] {
    const stem = stemOf(path);
    return [...this.texts].flatMap(([other, text]) =>
      isCode(other) || NO_WITNESS.test(other) || !hasWord(text, stem) ? [] : [other],
    );
  }

  #generalDoubts(): string[] {
    return this.#place.isComplete ? [] : ['there are more files than were read'];
  }

  #offers(paths: readonly string[]): string[] {
    if (!this.packages.saysWhatItOffers) return ['no package.json says what is wanted outside'];
    return paths.flatMap((path) => {
      const why = this.packages.whyOffered(path);
      return why === undefined ? [] : [`${path} may be wanted outside: ${why}`];
    });
  }

  async #witness(
    other: string,
    text: string,
    { path, name, barrels }: { readonly path: string; readonly name: string; readonly barrels: ReadonlySet<string> },
  ): Promise<{ readonly isImporter: boolean; readonly doubt: string | undefined }> {
    const isNamed = hasWord(text, name);
    const isLinked = [path, ...barrels].some((one) => text.includes(stemOf(one)));
    if (!isNamed && !isLinked && !(isCode(other) && makesNames(text))) return { isImporter: false, doubt: undefined };
    if (!isCode(other)) {
      return { isImporter: false, doubt: isNamed && isLinked ? `${other} names both` : undefined };
    }
    const links = (await this.#linksOf(other)).map((link) => ({
      link,
      to: resolveRelative(other, link.specifier, this.texts),
    }));
    const isRelated = ({ link, to }: (typeof links)[number]): boolean =>
      to === path || (to !== undefined && barrels.has(to)) || this.#mayLead(other, link, path);
    const taken = links.find(
      (one) => takes(one.link, name) && (isRelated(one) || (isNamed && this.#isAlias(one.link))),
    );
    return {
      isImporter: links.some(({ to }) => to === path),
      doubt: taken === undefined ? undefined : `${other} takes it, or may, from ${taken.link.specifier}`,
    };
  }

  /** A name that is no path and of no installed package: of this workspace, or made by a bundler or compiler. */
  #isAlias({ specifier, kind }: ModuleLink): boolean {
    if (kind === 'prefix' || specifier.startsWith('.') || this.packages.isExternal(specifier)) return false;
    return kind !== 'mention' || /^[@~#][\w./-]+$/.test(specifier);
  }

  /** A name made at run time that can lead to the file, or one by an alias that ends like it. */
  #mayLead(other: string, link: ModuleLink, path: string): boolean {
    const { specifier, kind } = link;
    if (kind === 'prefix') {
      if (!specifier.startsWith('.')) return false;
      const folder = resolvePrefix(other, specifier);
      return path.startsWith(folder);
    }
    if (specifier.startsWith('.') || this.packages.isExternal(specifier)) return false;
    if (kind === 'mention' && !/\/|\.[cm]?[jt]sx?$/.test(specifier)) return false;
    return stemOf(isCode(specifier) ? specifier : `${specifier}.x`) === stemOf(path);
  }

  async #leadsTo(other: string, path: string): Promise<boolean> {
    return (await this.#linksOf(other)).some(
      (link) => resolveRelative(other, link.specifier, this.texts) === path || this.#mayLead(other, link, path),
    );
  }

  /** Files that pass on all of a module, directly or by way of one another. */
  async #barrelsOf(path: string): Promise<ReadonlySet<string>> {
    const candidates = [...this.texts].filter(([other, text]) => isCode(other) && STAR.test(text));
    const barrels = new Set<string>();
    for (let size = -1; size !== barrels.size;) {
      size = barrels.size;
      for (const [other] of candidates) {
        const passes = (await this.#linksOf(other)).some((link) => {
          if (link.kind !== 'star') return false;
          const to = resolveRelative(other, link.specifier, this.texts);
          // Where an alias leads is not known: it may be there.
          return to === path || (to === undefined ? this.#isAlias(link) : barrels.has(to));
        });
        if (passes) barrels.add(other);
      }
    }
    barrels.delete(path);
    return barrels;
  }

  #linksOf(path: string): Promise<readonly ModuleLink[]> {
    return this.#memory.linksOf(path, this.texts.get(path) ?? '');
  }
}

function takes({ kind, names }: ModuleLink, name: string): boolean {
  if (kind === 'names') return names.includes(name);
  return kind === 'whole' || kind === 'mention' || kind === 'prefix';
}

function resolvePrefix(from: string, prefix: string): string {
  const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/') + 1) : '';
  const parts = `${folder}${prefix}`.split('/');
  const path: string[] = [];
  for (const part of parts.slice(0, -1)) {
    if (part === '..') path.pop();
    else if (part !== '.' && part !== '') path.push(part);
  }
  return path.length === 0 ? '' : `${path.join('/')}/`;
}
