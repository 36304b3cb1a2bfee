import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** What belongs to one server alone: another one on the same port would be in its way. */
const OF_ONE_SERVER = ['postgres/port', 'postgres/postgres.log'];

/** Copies a data folder whose server is down, with owners and modes: root has Postgres run by another account. */
export function copyDataFolder(from: string, to: string): void {
  execFileSync('cp', ['-a', `${from}/.`, to]);
  for (const name of OF_ONE_SERVER) rmSync(join(to, name), { force: true });
}
