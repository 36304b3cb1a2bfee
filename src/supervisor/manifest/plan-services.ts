import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { cyclesOf } from '../decisions/start-layers.ts';
import { splitCommand } from './command-words.ts';
import type { ServiceEntry } from './manifest-schema.ts';
import type { ManifestProblem } from './manifest-problem.ts';
import type { ParsedManifest } from './manifest-text.ts';
import type { ServiceSpec } from './service-spec.ts';
import { readVariables } from './variables.ts';

export interface PlanDeps {
  /** Services run within it. An absolute path. */
  readonly workspace: string;
  /** The master's; only what the manifest lists is taken from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of configuration keys that are secrets. */
  readonly secretKeys: readonly string[];
  findSecret(key: string): string | undefined;
  /** Names of services that are there anyway: a manifest may depend on them and has no others of that name. */
  readonly builtIn: readonly string[];
  readonly restarts: RestartRules;
}

/** What holds for all services. */
export interface RestartRules {
  /** When off, nothing that ended is started again. */
  readonly isAutomatic: boolean;
  /** Within the time of a crash loop, before a service is in one that says nothing else. */
  readonly mostQuick: number;
}

/**
 * The services of a manifest as they can be started, with their folders and variables resolved. Throws `invalid_input`
 * that names every problem: a cycle, an unknown dependency, a folder outside the workspace, a variable that is not listed.
 */
export function planServices(parsed: ParsedManifest, deps: PlanDeps): ServiceSpec[] {
  const problems: ManifestProblem[] = [];
  const { services, variables } = parsed.manifest;
  const specs = Object.entries(services).flatMap(([name, entry]) => {
    problems.push(...dependencyProblems(name, { services, builtIn: deps.builtIn }), ...contradictions(name, entry));
    if (deps.builtIn.includes(name)) {
      problems.push({ path: ['services', name], value: name, valid: 'a service of the system has this name' });
    }
    const spec = specOf({ name, entry, variables, deps, problems });
    return spec === undefined ? [] : [spec];
  });
  for (const cycle of cyclesOf(specs)) {
    const [first = ''] = cycle;
    const valid = `services wait for one another in a circle: ${[...cycle, first].join(' → ')}`;
    problems.push({ path: ['services', first, 'dependsOn'], value: services[first]?.dependsOn, valid });
  }
  if (problems.length > 0) throw parsed.errorOf(problems);
  return specs;
}

interface Draft {
  readonly name: string;
  readonly entry: ServiceEntry;
  readonly variables: readonly string[];
  readonly deps: PlanDeps;
  readonly problems: ManifestProblem[];
}

function specOf({ name, entry, variables, deps, problems }: Draft): ServiceSpec | undefined {
  const path = ['services', name];
  const { command, args, cwd, env, restart, crashLoop, ...settings } = entry;
  const words = typeof command === 'string' ? splitCommand(command) : command;
  if ('problem' in words) {
    problems.push({ path: [...path, 'command'], value: command, valid: words.problem });
    return undefined;
  }
  const folder = folderIn(deps.workspace, cwd);
  if (folder === undefined) {
    problems.push({ path: [...path, 'cwd'], value: cwd, valid: `it must be a folder in ${deps.workspace}` });
  }
  const read = readVariables(env, { variables, path: [...path, 'env'], ...deps });
  problems.push(...read.problems);
  const [file = '', ...first] = words;
  return {
    ...settings,
    name,
    restart: deps.restarts.isAutomatic ? (restart ?? (entry.oneShot ? 'on-failure' : 'unless-stopped')) : 'never',
    crashLoop: { ...crashLoop, exits: crashLoop.exits ?? deps.restarts.mostQuick + 1 },
    launch: {
      type: 'command',
      file,
      args: [...first, ...args],
      cwd: folder ?? deps.workspace,
      env: read.env,
      secrets: read.secrets,
    },
  };
}

/** Also through links; undefined when it is missing or elsewhere. */
function folderIn(workspace: string, cwd: string): string | undefined {
  const folder = resolve(workspace, cwd);
  if (!existsSync(folder)) return undefined;
  const way = relative(realpathSync(workspace), realpathSync(folder));
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : folder;
}

interface Neighbours {
  readonly services: Readonly<Record<string, ServiceEntry>>;
  readonly builtIn: readonly string[];
}

function dependencyProblems(name: string, { services, builtIn }: Neighbours): ManifestProblem[] {
  return Object.entries(services[name]?.dependsOn ?? {}).flatMap(([other, { condition }]) => {
    const path = ['services', name, 'dependsOn', other];
    const target = services[other];
    const names = [...Object.keys(services).filter((known) => known !== name), ...builtIn];
    if (builtIn.includes(other) && condition !== 'completed') return [];
    if (target === undefined || other === name) {
      return [
        { path, value: condition, valid: `there is no such other service; there are ${names.join(', ') || 'none'}` },
      ];
    }
    if (target.oneShot && condition === 'healthy') {
      return [
        { path: [...path, 'condition'], value: condition, valid: `\`${other}\` is a one-shot job: use completed` },
      ];
    }
    if (!target.oneShot && condition === 'completed') {
      return [
        {
          path: [...path, 'condition'],
          value: condition,
          valid: `\`${other}\` is not a one-shot job: use started or healthy`,
        },
      ];
    }
    return [];
  });
}

/** Settings that are valid each and make no sense together. */
function contradictions(name: string, entry: ServiceEntry): ManifestProblem[] {
  const found: ManifestProblem[] = [];
  const say = (key: string, value: unknown, valid: string): void => {
    found.push({ path: ['services', name, key], value, valid });
  };
  const { oneShot, restart, backoff, attach, readiness, liveness } = entry;
  const canAsk = readiness !== undefined && readiness.type !== 'log';
  if (oneShot && (restart === 'always' || restart === 'unless-stopped')) {
    say('restart', restart, 'a one-shot job that has completed would run for ever; use never or on-failure');
  }
  if (oneShot && readiness !== undefined)
    say('readiness', readiness.type, 'a one-shot job is never ready; it completes');
  if (backoff.initialMs > backoff.maxMs) say('backoff', backoff, 'initialMs must not be more than maxMs');
  if (attach && !canAsk) {
    say('attach', attach, 'a readiness probe of type http, tcp or command must tell whether something is there');
  }
  if (liveness?.type === 'log') say('liveness', liveness.type, 'a line that was written once says nothing of now');
  return found;
}
