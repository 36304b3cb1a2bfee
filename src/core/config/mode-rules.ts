import type { Approval } from '../approval.ts';
import type { LogForm, LogLevel } from '../log.ts';
import { isLoopback } from '../loopback.ts';

/**
 * All that a mode decides, and nothing else does: defaults that anybody may override, and what is refused whoever asks
 * for it. The table in docs/configuration.md is made of these two lists.
 */
export const MODES = ['development', 'production', 'testing'] as const;
export type Mode = (typeof MODES)[number];
export const DEFAULT_MODE: Mode = 'development';

export const DURABILITIES = ['full', 'relaxed'] as const;

interface ModeDefaults {
  readonly 'log.level': LogLevel;
  readonly 'log.form': LogForm;
  readonly 'http.port': number;
  readonly 'database.durability': (typeof DURABILITIES)[number];
  readonly 'mcp.approval': Approval;
}

export const MODE_DEFAULTS: Readonly<Record<Mode, ModeDefaults>> = {
  development: {
    'log.level': 'info',
    'log.form': 'pretty',
    'http.port': 3001,
    'database.durability': 'full',
    'mcp.approval': 'asked',
  },
  production: {
    'log.level': 'info',
    'log.form': 'json',
    'http.port': 3001,
    'database.durability': 'full',
    'mcp.approval': 'planned',
  },
  // Its data is made to be thrown away, several of it run side by side, and nobody watches.
  testing: {
    'log.level': 'warn',
    'log.form': 'json',
    'http.port': 0,
    'database.durability': 'relaxed',
    'mcp.approval': 'presumed',
  },
};

/** What a rule finds wrong, below which key, as the rest of a sentence that begins with that key. */
export interface ModeFinding {
  readonly key: string;
  readonly text: string;
}

/** What the rules look at: the configuration in force and who else may get at its secrets. */
export interface ModeFacts {
  readonly http: { readonly enabled: boolean; readonly host: string };
  readonly graphServerHost: string | undefined;
  readonly durability: (typeof DURABILITIES)[number];
  readonly approval: Approval;
  readonly exposedSecrets: readonly ModeFinding[];
}

export interface ModeRule {
  readonly title: string;
  /** Where it is an error; elsewhere it is allowed. */
  readonly refusedIn: readonly Mode[];
  /** Where it is allowed, it is warned of. */
  readonly isWarnedOf: boolean;
  /** Under what condition it is allowed where it is. */
  readonly condition?: string;
  readonly why: string;
  /** What to do instead, as a sentence. */
  readonly hint: string;
  find(facts: ModeFacts): readonly ModeFinding[];
}

export const MODE_RULES: readonly ModeRule[] = [
  {
    title: '`http.host`, `services.indexing.mcpServer.host` that other machines can reach',
    refusedIn: ['development', 'testing'],
    isWarnedOf: false,
    condition: 'with `http.allowedHosts`',
    why: 'it would offer a machine on which people work, or data that nobody guards, to the network',
    hint: 'Listen on 127.0.0.1, or choose mode production and name the hosts in http.allowedHosts.',
    find: ({ http, graphServerHost }) => {
      if (!http.enabled) return [];
      const hosts = [
        { key: 'http.host', host: http.host },
        { key: 'services.indexing.mcpServer.host', host: graphServerHost ?? 'localhost' },
      ];
      return hosts
        .filter(({ host }) => !isLoopback(host))
        .map(({ key, host }) => ({ key, text: `can't be ${JSON.stringify(host)}` }));
    },
  },
  {
    title: '`database.durability` `relaxed`',
    refusedIn: ['production'],
    isWarnedOf: false,
    why: 'what was answered as done could be lost in a power cut',
    hint: 'Leave the key out, or set it to full.',
    find: ({ durability }) =>
      durability === 'relaxed' ? [{ key: 'database.durability', text: 'can\'t be "relaxed"' }] : [],
  },
  {
    title: '`mcp.approval` `presumed`',
    refusedIn: ['development', 'production'],
    isWarnedOf: false,
    why: 'an agent could destroy what people need without anybody having been asked',
    hint: 'Set it to asked or planned, or choose mode testing for data that may be lost.',
    find: ({ approval }) => (approval === 'presumed' ? [{ key: 'mcp.approval', text: 'can\'t be "presumed"' }] : []),
  },
  {
    title: 'a secret in a configuration file that other users may read, or in a `…_FILE` that they may change',
    refusedIn: ['production'],
    isWarnedOf: true,
    why: 'other users of the machine would have, or choose, the secret',
    hint: 'Run chmod 600 on the file, and replace the secret if others use the machine.',
    find: ({ exposedSecrets }) => exposedSecrets,
  },
];

/** `` `debug`; `info` in mode `production`; `warn` in mode `testing` ``, for the reference. */
export function defaultByMode(key: keyof ModeDefaults): string {
  const shown = (mode: Mode): string => `\`${MODE_DEFAULTS[mode][key]}\``;
  const others = MODES.filter((mode) => MODE_DEFAULTS[mode][key] !== MODE_DEFAULTS[DEFAULT_MODE][key]);
  return [shown(DEFAULT_MODE), ...others.map((mode) => `${shown(mode)} in mode \`${mode}\``)].join('; ');
}
