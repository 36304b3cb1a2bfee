import { posix } from 'node:path';
import {
  findTarget,
  keyOfDiagnostic,
  messageOfDiagnostic,
} from '../../dist/src/fixers/typescript/target-diagnostic.js';
import { CompiledPlace } from '../../dist/src/fixers/typescript/fix-place.js';

/**
 * @typedef {object} HealTarget an error as findings tell of it
 * @property {'typescript'} source
 * @property {string} rule
 * @property {string} path
 * @property {number} line
 * @property {string} message
 */

const SIDE_PATH = /(?:^|[./])(?:tests?|spec|__tests__|bench(?:marks?)?|runtime-tests|perf-measures)(?:[./]|$)|\.d\.ts$/;
const MAX_MODULES = 40;

/** What the compiler says of a checkout, beside what it said before anything was changed. */
export class HealDiagnostics {
  /** @readonly */
  place;
  /** @type {Map<string, readonly string[]>} */
  #base = new Map();
  /** @type {Map<string, readonly string[]>} */
  #importers = new Map();
  #paths;

  /** @param {string} root */
  constructor(root) {
    this.place = new CompiledPlace(root);
    this.place.refresh(`${this.place.root}/any.ts`);
    const paths = this.place.allFiles().filter((path) => path.startsWith(`${this.place.root}/`));
    this.#paths = paths
      .map((path) => path.slice(this.place.root.length + 1))
      .filter((path) => /\.[cm]?tsx?$/.test(path) && !SIDE_PATH.test(path));
  }

  /** Of code, without tests. */
  sourcePaths() {
    return this.#paths;
  }

  /** @param {string} path */
  textOf(path) {
    return this.place.texts.find(this.#absolute(path)) ?? '';
  }

  /** Sees what was written. */
  refresh() {
    this.place.refresh(`${this.place.root}/any.ts`);
  }

  /**
   * The errors that a file and those that import it would gain by this text.
   * @param {string} path
   * @param {string} text
   * @returns {HealTarget[]}
   */
  gained(path, text) {
    const scope = this.scopeOf(path);
    for (const each of scope) this.#baseOf(each);
    return this.place.texts.trying(new Map([[this.#absolute(path), text]]), () =>
      scope.flatMap((each) => this.targetsIn(each)),
    );
  }

  /**
   * A file and those that import it directly, as it was at first.
   * @param {string} path
   */
  scopeOf(path) {
    const known = this.#importers.get(path);
    if (known !== undefined) return known;
    const absolute = this.#absolute(path);
    const importers = this.#owners(path).flatMap((project) => project.imports().importersOf(absolute));
    const scope = [...new Set([absolute, ...importers])].flatMap((each) =>
      each.startsWith(`${this.place.root}/`) ? [this.#relative(each)] : [],
    );
    this.#importers.set(path, scope);
    for (const each of scope) this.#baseOf(each);
    return scope;
  }

  /**
   * All files that feel a change of one of these.
   * @param {readonly string[]} paths
   */
  reachOf(paths) {
    const changed = paths.map((path) => this.#absolute(path));
    const felt = new Set(changed);
    for (const path of changed) {
      const projects = this.place.owners([path]);
      for (const project of projects) for (const each of project.imports().reach(path)) felt.add(each);
    }
    return [...felt].map((path) => this.#relative(path));
  }

  /**
   * Errors of a file that were not there at first.
   * @param {string} path
   * @returns {HealTarget[]}
   */
  targetsIn(path) {
    const before = [...this.#baseOf(path)];
    /** @type {Map<string, HealTarget>} */
    const found = new Map();
    for (const diagnostic of this.#diagnosticsOf(path)) {
      const at = before.indexOf(keyOfDiagnostic(diagnostic));
      if (at !== -1) {
        before.splice(at, 1);
        continue;
      }
      const line = (diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0) + 1;
      const target = /** @type {const} */ ({
        source: 'typescript',
        rule: `ts/${diagnostic.code}`,
        path,
        line,
        message: messageOfDiagnostic(diagnostic),
      });
      found.set(JSON.stringify(target), target);
    }
    return [...found.values()];
  }

  /**
   * The error in the project that has it.
   * @param {HealTarget} target
   */
  find(target) {
    for (const project of this.#owners(target.path)) {
      project.forget();
      const found = findTarget(project, this.#absolute(target.path), target);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * All errors of these files now, by path; to be compared once what was changed is taken back.
   * @param {readonly string[]} paths
   * @returns {ReadonlyMap<string, readonly string[]>}
   */
  errorsIn(paths) {
    const all = paths.map((path) => /** @type {const} */ ([path, this.#diagnosticsOf(path).map(keyOfDiagnostic)]));
    return new Map(all.filter(([, errors]) => errors.length > 0));
  }

  /**
   * Those that were not there at first.
   * @param {ReadonlyMap<string, readonly string[]>} errors
   */
  newAmong(errors) {
    /** @type {Map<string, readonly string[]>} */
    const found = new Map();
    for (const [path, now] of errors) {
      const fresh = without(now, this.#baseOf(path));
      if (fresh.length > 0) found.set(path, fresh);
    }
    return found;
  }

  /**
   * How many of them a text of one file does not bring about.
   * @param {ReadonlyMap<string, readonly string[]>} errors
   * @param {{ path: string, text: string }} change
   */
  beyond(errors, { path, text }) {
    const faulty = this.place.texts.trying(new Map([[this.#absolute(path), text]]), () =>
      this.errorsIn([...errors.keys()]),
    );
    return [...errors].flatMap(([at, now]) => without(now, faulty.get(at) ?? [])).length;
  }

  /**
   * Names that other files export, as this file would import them.
   * @param {string} path
   */
  modulesFor(path) {
    const spelled = endingSpelledIn(this.textOf(path)) ?? this.#ending();
    return this.#paths
      .filter((other) => other !== path)
      .slice(0, MAX_MODULES)
      .flatMap((other) => {
        const name = /^export (?:async )?(?:const|function|class) ([\w$]+)/m.exec(this.textOf(other))?.[1];
        const relative = posix.relative(posix.dirname(path), other).replace(/\.([cm]?)tsx?$/, spelled);
        return name === undefined ? [] : [{ name, specifier: relative.startsWith('.') ? relative : `./${relative}` }];
      });
  }

  /** How the first file with relative imports spells them. */
  #ending() {
    for (const path of this.#paths) {
      const ending = endingSpelledIn(this.textOf(path));
      if (ending !== undefined) return ending;
    }
    return '';
  }

  /** Errors that the files looked at had before anything was changed. */
  baseErrors() {
    return [...this.#base.values()].reduce((sum, errors) => sum + errors.length, 0);
  }

  close() {
    this.place.close();
  }

  /** @param {string} path */
  #owners(path) {
    return this.place.owners([this.#absolute(path)]);
  }

  /** @param {string} path */
  #diagnosticsOf(path) {
    return this.#owners(path).flatMap((project) => project.diagnosticsOf(this.#absolute(path)));
  }

  /**
   * Asked for the first time before anything is changed.
   * @param {string} path
   */
  #baseOf(path) {
    const known = this.#base.get(path) ?? this.#diagnosticsOf(path).map(keyOfDiagnostic);
    this.#base.set(path, known);
    return known;
  }

  /** @param {string} path */
  #absolute(path) {
    return `${this.place.root}/${path}`;
  }

  /** @param {string} path */
  #relative(path) {
    return path.slice(this.place.root.length + 1);
  }
}

/**
 * @param {readonly string[]} all
 * @param {readonly string[]} some
 */
function without(all, some) {
  const left = [...some];
  return all.filter((key) => {
    const at = left.indexOf(key);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/**
 * What stands for the ending of a module in the first relative import of a text, as a replacement for `.ts`; undefined without one.
 * @param {string} text
 */
function endingSpelledIn(text) {
  const found = /from\s+['"]\.{1,2}\/[^'"]*?(\.[cm]?[jt]sx?)?['"]/.exec(text);
  if (found === null) return undefined;
  const [, ending] = found;
  if (ending === undefined) return '';
  return /js/.test(ending) ? '.$1js' : '$&';
}
