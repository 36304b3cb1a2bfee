import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import type { ConfigInput } from '../../src/core/config/index.ts';
import type { Log } from '../../src/core/log.ts';
import { openAppClient } from './app-client.ts';
import type { AppClient } from './app-client.ts';
import { startGithub } from './github-stand-in.ts';
import type { GithubStandIn, GithubStandInOptions } from './github-stand-in.ts';
import { createHealWorkspace } from './heal-workspace.ts';
import type { HealWorkspace } from './heal-workspace.ts';

const startedSchema = z.object({ run: z.object({ runId: z.string() }) });
const healResult = z.object({
  report: z.string(),
  tried: z.array(
    z.object({
      taskId: z.string(),
      rule: z.string(),
      path: z.string(),
      outcome: z.string(),
      branch: z.string().optional(),
      proposal: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
  left: z.record(z.string(), z.number()),
});
export type HealResult = z.infer<typeof healResult>;

const followResult = z.object({
  followed: z.array(
    z.object({
      url: z.string(),
      state: z.string(),
      checks: z.string(),
      did: z.string(),
      reason: z.string().optional(),
    }),
  ),
});

/** A pull request as the API of GitHub has it. */
export const pullSchema = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string(),
  draft: z.boolean(),
  state: z.string(),
  head: z.object({ ref: z.string(), sha: z.string(), label: z.string() }),
  labels: z.array(z.object({ name: z.string() })),
});
export type SeenPull = z.infer<typeof pullSchema>;

/** The whole product, as an agent and a person use it to heal. */
export interface Healer {
  readonly app: AppClient;
  /** Starts a run by `agent_heal`; its handle. */
  start(input: Readonly<Record<string, unknown>>): Promise<string>;
  /** Resolves when the run asks a person; with what. */
  asked(runId: string): Promise<string>;
  answer(runId: string, action: 'approve' | 'reject'): Promise<void>;
  /** A run in mode `pull_request` that a person agrees to, to its end. */
  propose(input?: Readonly<Record<string, unknown>>): Promise<HealResult>;
  /** The result of a run that completes without a question. */
  resultOf(runId: string): Promise<HealResult>;
  follow(): Promise<z.infer<typeof followResult>['followed']>;
}

/** A healer, a shop with faults, and the GitHub that the shop is cloned from. */
export interface HealDesk extends Healer {
  readonly hub: GithubStandIn;
  readonly workspace: HealWorkspace;
  /** Another healer instead of the first one, with a database and a data folder of its own: it knows nothing of what was. */
  openOther(): Promise<Healer>;
  /** Git in the bare repository behind GitHub. */
  remoteGit(...args: readonly string[]): string;
  pulls(): Promise<readonly SeenPull[]>;
  close(): Promise<void>;
}

export interface HealDeskOptions {
  readonly github?: GithubStandInOptions;
  /** Whether the product has the token of the stand-in; true without it. */
  readonly hasToken?: boolean;
  /** Of the section `github`, beside token and address. */
  readonly settings?: ConfigInput['github'];
  readonly agent?: NonNullable<ConfigInput['services']>['agent'];
  /** More of the workspace, before it is committed and cloned. */
  readonly prepare?: (workspace: HealWorkspace) => void;
  readonly log?: Log;
}

/** Two fixes of which nothing is known yet go as far as a pull request, and each is checked with few mutants. */
const AGENT = { thresholds: { branch: 0.1, pullRequest: 0.2 }, mutants: 2 };
const ASK_EVERY_MS = 50;

export async function openHealDesk(options: HealDeskOptions = {}): Promise<HealDesk> {
  const workspace = createHealWorkspace();
  options.prepare?.(workspace);
  const hub = await startGithub(options.github);
  const url = await hub.createRepository('acme/shop', workspace.root);
  workspace.git('remote', 'add', 'origin', url);
  const open = async (): Promise<Healer> => healerOf(await openHealApp({ workspace, hub }, options));
  const healer = await open();
  let current = healer;
  return {
    ...healer,
    hub,
    workspace,
    openOther: async () => {
      await current.app.close();
      current = await open();
      return current;
    },
    remoteGit: (...args) =>
      execFileSync('git', ['--git-dir', join(hub.root, 'acme/shop.git'), ...args], { encoding: 'utf8' }).trim(),
    pulls: async () => z.array(pullSchema).parse(await hub.ask('/repos/acme/shop/pulls?state=all')),
    close: async () => {
      await current.app.close();
      await hub.stop();
      workspace.remove();
    },
  };
}

function openHealApp(
  { workspace, hub }: Pick<HealDesk, 'hub' | 'workspace'>,
  options: HealDeskOptions,
): Promise<AppClient> {
  return openAppClient({
    workspace: workspace.root,
    isFollowed: false,
    isIndexed: false,
    ...(options.log !== undefined && { log: options.log }),
    config: {
      github: { ...(options.hasToken !== false && { token: hub.token }), apiUrl: hub.apiUrl, ...options.settings },
      services: { agent: { ...AGENT, ...options.agent } },
    },
  });
}

function healerOf(app: AppClient): Healer {
  const { runs } = app.services;
  const start: Healer['start'] = async (input) => {
    const answer = await app.call('agent_heal', { ...input });
    if (answer.isError) throw new Error(answer.text);
    return startedSchema.parse(answer.structured).run.runId;
  };
  const asked: Healer['asked'] = async (runId) => {
    for (;;) {
      const { status, approval, result, error } = await runs.get(runId);
      if (status === 'waiting_approval') return approval ?? '';
      if (status !== 'pending' && status !== 'running') throw new Error(JSON.stringify({ status, result, error }));
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  };
  const answer: Healer['answer'] = async (runId, action) => {
    const done = await app.callAgreed('run_control', { runId, action });
    if (done.isError) throw new Error(done.text);
  };
  const ended = async (runId: string): Promise<unknown> => {
    const run = await runs.waitFor(runId);
    if (run.status !== 'completed') throw new Error(JSON.stringify(run));
    return run.result;
  };
  const resultOf: Healer['resultOf'] = async (runId) => healResult.parse(await ended(runId));
  return {
    app,
    start,
    asked,
    answer,
    resultOf,
    propose: async (input = {}) => {
      const runId = await start({ mode: 'pull_request', seed: 7, ...input });
      await asked(runId);
      await answer(runId, 'approve');
      return resultOf(runId);
    },
    follow: async () => {
      const started = startedSchema.parse((await app.call('agent_follow')).structured);
      return followResult.parse(await ended(started.run.runId)).followed;
    },
  };
}
