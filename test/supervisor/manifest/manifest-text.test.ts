import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { splitCommand } from '../../../src/supervisor/manifest/command-words.ts';
import { checkManifest, parseManifest } from '../../../src/supervisor/manifest/manifest-text.ts';
import { planServices } from '../../../src/supervisor/manifest/plan-services.ts';
import type { PlanDeps } from '../../../src/supervisor/manifest/plan-services.ts';

const workspace = mkdtempSync(join(tmpdir(), 'manifest-'));
mkdirSync(join(workspace, 'packages', 'api'), { recursive: true });
symlinkSync(tmpdir(), join(workspace, 'out'));

const plan = (text: string, deps: Partial<PlanDeps> = {}) =>
  planServices(parseManifest(text, 'lightdom.services.yaml'), {
    workspace,
    environment: { REGION: 'eu', HIDDEN: 'no' },
    secretKeys: ['github.token'],
    findSecret: () => 's3cret-value',
    builtIn: ['database'],
    restarts: { isAutomatic: true, mostQuick: 4 },
    ...deps,
  });

/** The message of what it throws. */
const complaint = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  throw new Error('it threw nothing');
};

describe('a manifest of services', () => {
  it('is resolved to programs, folders and variables, with defaults for the rest', () => {
    const [api, db] = plan(`
variables: [REGION]
services:
  api:
    command: node "my server.js" --name 'a b'
    args: [--port, "3000"]
    cwd: packages/api
    env:
      PORT: 3000
      WHERE: "in-\${REGION}-$$5"
      TOKEN: { secret: github.token }
    dependsOn:
      db: { condition: healthy }
    readiness: { type: http, url: "http://127.0.0.1:3000/health" }
  db:
    command: [postgres, -D, "."]
`);
    expect(api?.launch).toEqual({
      type: 'command',
      file: 'node',
      args: ['my server.js', '--name', 'a b', '--port', '3000'],
      cwd: join(workspace, 'packages', 'api'),
      env: { PORT: '3000', WHERE: 'in-eu-$5', TOKEN: 's3cret-value' },
      secrets: ['s3cret-value'],
    });
    expect(api?.readiness).toMatchObject({
      periodSeconds: 10,
      timeoutSeconds: 1,
      failureThreshold: 3,
      successThreshold: 1,
    });
    expect(db).toMatchObject({
      restart: 'unless-stopped',
      backoff: { resetAfterMs: 60_000 },
      crashLoop: { exits: 5, withinMs: 60_000 },
      stop: { signal: 'SIGTERM', graceMs: 10_000 },
      onDependencyFailure: 'ignore',
    });
  });

  it('names file, line, key, value and what is valid, for every mistake at once', () => {
    const text = `services:
  api:
    command: node x.js
    restart: sometimes
    comand: node
    ports: [{ port: 99999 }]
  Bad Name:
    command: x
  web:
    dependsOn: []
`;
    expect(complaint(() => plan(text)).split('\n')).toEqual([
      'lightdom.services.yaml:4: `services.api.restart` can\'t be "sometimes": it must be never, on-failure, always, unless-stopped.',
      'lightdom.services.yaml:5: `services.api.comand` is not a key of a manifest.',
      "lightdom.services.yaml:6: `services.api.ports.0.port` can't be 99999: it must be at most 65535.",
      expect.stringMatching(
        /^lightdom\.services\.yaml:7: `services\.Bad Name` can't be .*: its name must be a name of at most 63/,
      ),
      'lightdom.services.yaml:9: `services.web.command` is missing: it must be text or a list of words, not empty.',
      "lightdom.services.yaml:10: `services.web.dependsOn` can't be []: it must be a group of keys.",
    ]);
  });

  it('names a circle, an unknown dependency, a folder outside and a variable that is not listed', () => {
    const text = `services:
  a: { command: x, dependsOn: { b: {} } }
  b: { command: x, dependsOn: { c: {} } }
  c: { command: x, dependsOn: { a: {} }, cwd: .. }
  d: { command: x, dependsOn: { c: {}, e: {} }, cwd: out }
  job: { command: x, oneShot: true, env: { KEY: "\${HIDDEN}", OTHER: { secret: nope } } }
  f: { command: "x | y", dependsOn: { job: { condition: healthy } } }
`;
    const message = complaint(() => plan(text));
    expect(message).toContain(
      ':2: `services.a.dependsOn` can\'t be {"b":{"condition":"started"}}: services wait for one another in a circle: a → b → c → a.',
    );
    expect(message).toContain(
      '`services.d.dependsOn.e` can\'t be "started": there is no such other service; there are a, b, c, job, f, database.',
    );
    expect(message).toContain(`:4: \`services.c.cwd\` can't be "..": it must be a folder in ${workspace}.`);
    expect(message).toContain('`services.d.cwd` can\'t be "out"');
    expect(message).toContain(
      "`services.job.env.KEY` can't be this: `${HIDDEN}` is not listed under `variables` (none)",
    );
    expect(message).toContain('there is no secret `nope`; there are github.token');
    expect(message).toContain(
      '`services.f.command` can\'t be "x | y": there is no shell to act on "|": quote it, or give a list of words.',
    );
    expect(message).toContain('`job` is a one-shot job: use completed');
  });

  it('refuses settings that make no sense together', () => {
    const text = `services:
  a: { command: x, oneShot: true, restart: always }
  b: { command: x, attach: true }
  c: { command: x, liveness: { type: log, contains: up } }
`;
    const message = complaint(() => plan(text));
    expect(message).toContain(':2: `services.a.restart` can\'t be "always"');
    expect(message).toContain(":3: `services.b.attach` can't be true: a readiness probe");
    expect(message).toContain(':4: `services.c.liveness` can\'t be "log"');
    expect(
      complaint(() => plan('services: { a: { command: x, liveness: { type: tcp, port: 1, successThreshold: 2 } } }')),
    ).toContain("`services.a.liveness.successThreshold` can't be 2: it must be 1.");
  });

  it('refuses what is no YAML, too large, or grows by its aliases', () => {
    expect(complaint(() => plan('services:\n  a: [1'))).toMatch(/^lightdom\.services\.yaml:2: this is not YAML: /);
    expect(complaint(() => plan('x'.repeat(300_000)))).toContain('larger than 262144 bytes');
    const bomb = `a: &a [x, x]\n${'bcdefghi'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(', ')}]`)
      .join('\n')}`;
    expect(complaint(() => plan(bomb))).toContain("can't be read: Excessive alias count");
    expect(complaint(() => plan(''))).toContain('`services` is missing');
  });

  it('may stand in the configuration, where there are no lines', () => {
    expect(complaint(() => checkManifest({ services: { a: { command: 3 } } }, 'services'))).toBe(
      "services: `services.a.command` can't be 3: it must be text or a list of words, not empty.",
    );
  });

  it('never shows the value of a variable', () => {
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`V${at}`, 'password-of-mine']));
    const message = complaint(() => checkManifest({ services: { a: { command: 'x', env: many } } }, 'services'));
    expect(message).toContain('at most 200 variables');
    expect(message).not.toContain('password-of-mine');
  });
});

describe('the words of a command', () => {
  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    [`a "b c" 'd "e'`, ['a', 'b c', 'd "e']],
    [String.raw`a\ b "c\"d\n" 'e\f'`, ['a b', String.raw`c"d\n`, String.raw`e\f`]],
    [`a "" b''c`, ['a', '', 'bc']],
    [`x '$HOME;' "a|b"`, ['x', '$HOME;', 'a|b']],
  ])('of %j are %j', (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  it.each(['a && b', 'a > file', 'echo $HOME', 'a `b`', 'ls *', '"open', "a 'b", '   '])(
    'are refused in %j',
    (text) => {
      expect(splitCommand(text)).toHaveProperty('problem');
    },
  );
});
