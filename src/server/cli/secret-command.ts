import type { Command } from 'commander';
import {
  AT_NEXT_START,
  describeSecrets,
  getSecretKey,
  SECRET_KEYS,
  secretEffect,
  SecretStore,
} from '../../core/config/index.ts';
import { findOwner, openDataFolder } from '../../core/data-folder/index.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { readSecret } from './read-secret.ts';

const KEYS = `\nSecrets: ${SECRET_KEYS.join(', ')}`;

export function secretCommand(program: Command, deps: CliDeps): void {
  const secret = program
    .command('secret')
    .description('tokens, API keys and passwords in the secret store of the data folder')
    .addHelpText(
      'after',
      `${KEYS}\nThe store wins over the configuration file, and a variable of the environment over the store.`,
    );
  setCommand(secret, deps);
  listCommand(secret, deps);
  deleteCommand(secret, deps);
}

function setCommand(secret: Command, deps: CliDeps): void {
  const command = secret
    .command('set <key>')
    .description('store a secret: asked for without echo, or read from stdin where that is no terminal')
    .addHelpText('after', `${KEYS}\nExample: lightdom secret set github.token < token.txt`);
  addCommonOptions(command).action(async (given: string) => {
    const session = openSession(deps, command);
    const { path: key } = getSecretKey(given);
    openDataFolder(session.loaded.config.dataDir);
    const store = storeOf(session);
    store.set(key, await readSecret(key, session.signal));
    const takesEffect = secretEffect(session.loaded, key);
    const answer = { key, stored: true, path: store.path, takesEffect };
    session.output.result(
      answer,
      `${key} is stored in ${store.path}; it is used ${takesEffect}${restartHint(session)}`,
    );
  });
}

function listCommand(secret: Command, deps: CliDeps): void {
  const command = secret.command('list').description('every secret: whether it is set, and from where; never a value');
  addCommonOptions(command).action(() => {
    const session = openSession(deps, command);
    const rows = describeSecrets(session.loaded);
    const lines = rows.map(({ key, isSet, origin, isStored }) => {
      const unused = isStored && !origin.startsWith('secret store') ? '  (one in the secret store is not used)' : '';
      return `${key.padEnd(20)} ${isSet ? `set      ${origin}` : 'not set'}${unused}`;
    });
    session.output.result(rows, lines.join('\n'));
  });
}

function deleteCommand(secret: Command, deps: CliDeps): void {
  const command = secret
    .command('delete <key>')
    .description('delete a secret from the secret store')
    .addHelpText('after', KEYS);
  addCommonOptions(command).action((given: string) => {
    const session = openSession(deps, command);
    const { path: key } = getSecretKey(given);
    const store = storeOf(session);
    store.delete(key);
    const answer = { key, deleted: true, path: store.path, takesEffect: AT_NEXT_START };
    session.output.result(
      answer,
      `${key} is deleted from ${store.path}; that counts ${AT_NEXT_START}${restartHint(session)}`,
    );
  });
}

function storeOf({ loaded }: CliSession): SecretStore {
  return new SecretStore(loaded.config.dataDir);
}

/** A master that runs has read its configuration already. */
function restartHint({ loaded }: CliSession): string {
  const owner = findOwner(loaded.config.dataDir);
  return owner === undefined ? '' : ` (a master runs, pid ${owner.pid}: stop and start it)`;
}
