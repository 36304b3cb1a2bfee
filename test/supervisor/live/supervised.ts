import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createSilentLog } from '../../../src/core/log.ts';
import {
  checkManifest,
  planServices,
  SupervisorService,
  SupervisorStore,
} from '../../../src/supervisor/supervisor-runtime.ts';
import type {
  LogLine,
  ServiceAlert,
  ServiceSpec,
  ServiceState,
  ServiceView,
  SupervisorDeps,
} from '../../../src/supervisor/index.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

export interface Seen {
  readonly name: string;
  readonly from: ServiceState;
  readonly to: ServiceState;
  readonly reason: string;
}

/** A folder for programs of a test and for what a supervisor keeps there. */
export class Playground {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'supervised-')));
  readonly kept = join(this.folder, 'kept');
  readonly supervisorId = `test-${this.folder.slice(-6)}`;

  constructor() {
    mkdirSync(this.kept);
  }

  /** A Node program of that name, and the command that runs it. */
  program(name: string, source: string): string[] {
    writeFileSync(join(this.folder, `${name}.cjs`), source);
    return [process.execPath, join(this.folder, `${name}.cjs`)];
  }

  plan(services: Readonly<Record<string, unknown>>): ServiceSpec[] {
    const restarts = { isAutomatic: true, mostQuick: 4 };
    const deps = { environment: {}, builtIn: [], restarts, secretKeys: ['a.secret'], findSecret: () => 'hidden-value' };
    return planServices(checkManifest({ services }, 'test'), { workspace: this.folder, ...deps });
  }
}

export interface SupervisedOptions extends Partial<SupervisorDeps> {
  readonly test: Pick<TestDatabase, 'database'>;
  readonly services: readonly ServiceSpec[];
}

/** A supervisor, and what it has said. */
export class Supervised {
  readonly service: SupervisorService;
  readonly seen: Seen[] = [];
  readonly alerts: ServiceAlert[] = [];
  readonly lines: { readonly name: string; readonly line: LogLine }[] = [];

  constructor(playground: Playground, given: SupervisedOptions) {
    const { supervisorId, kept } = playground;
    const { test, services, ...more } = given;
    this.service = new SupervisorService({
      services,
      store: new SupervisorStore(test.database, supervisorId),
      supervisorId,
      folder: kept,
      log: createSilentLog(),
      wallClock: () => Date.now(),
      random: () => 0.5,
      ...more,
    });
    const { events } = this.service;
    events.on('changed', (view: ServiceView, from) =>
      this.seen.push({ name: view.name, from, to: view.state, reason: view.reason }),
    );
    events.on('alert', (alert) => this.alerts.push(alert));
    events.on('line', (name, line) => this.lines.push({ name, line }));
  }

  /** The states that a service went through. */
  wayOf(name: string): string[] {
    return this.seen.filter((one) => one.name === name).map(({ to }) => to);
  }

  /** Resolves once the service has come into the state for the `count`-th time. */
  async until(name: string, to: ServiceState, count = 1): Promise<Seen> {
    for (;;) {
      const found = this.seen.filter((one) => one.name === name && one.to === to)[count - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => void this.service.events.once('changed', () => resolve()));
    }
  }

  /** The text of the first line of a service that begins so, without that. */
  async said(name: string, beginning: string): Promise<string> {
    for (;;) {
      const found = this.lines.find((one) => one.name === name && one.line.line.startsWith(beginning));
      if (found !== undefined) return found.line.line.slice(beginning.length);
      await new Promise<void>((resolve) => void this.service.events.once('line', () => resolve()));
    }
  }
}

export function createDatabase(): Promise<TestDatabase> {
  return createProductDatabase();
}

/** Says that it is up, and ends when it is told to. */
export const OBEDIENT = `console.log('pid ' + process.pid); setInterval(() => {}, 1000);`;
/** The same with a server on the port that is its first argument. */
export const SERVER = `const port = Number(process.argv[2]); let status = 200;
const server = require('node:http').createServer((request, response) => {
  if (request.url === '/toggle') status = status === 200 ? 500 : 200;
  response.statusCode = request.url === '/health' ? status : 200; response.end('fine');
}).listen(port, '127.0.0.1', () => console.log('listening ' + process.pid));
process.on('SIGTERM', () => { server.closeAllConnections(); server.close(() => process.exit(0)); });`;
