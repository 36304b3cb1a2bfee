import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  databaseUrlOf,
  describeConfig,
  describeSecrets,
  secretEffect,
  SecretStore,
} from '../../../src/core/config/index.ts';
import { refusalOf } from '../../support/refusal-of.ts';
import { load, refusal, tempFile, tempFolder } from './config-fixture.ts';

const TOKEN = 'ghp_0123456789abcdefABCDEF';

describe('the secret store', () => {
  let dataDir: string;
  let file: string;
  let store: SecretStore;

  beforeEach(() => {
    dataDir = tempFolder();
    file = join(dataDir, 'secrets.json');
    store = new SecretStore(dataDir);
  });

  function write(text: string, mode = 0o600): void {
    writeFileSync(file, text, { mode });
    chmodSync(file, mode);
  }

  it('is a file for its user alone, replaced as a whole', () => {
    store.set('github.token', TOKEN);
    const first = statSync(file);
    expect(first.mode & 0o777).toBe(0o600);
    store.set('ai.deepseek.apiKey', 'sk-1');
    expect(statSync(file).ino).not.toBe(first.ino);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'github.token': TOKEN, 'ai.deepseek.apiKey': 'sk-1' });
    expect(readdirSync(dataDir)).toEqual(['secrets.json']);
  });

  it('loses what is deleted and nothing else, and says what it does not have', () => {
    store.set('github.token', TOKEN);
    store.set('database.password', 'p w ü');
    store.delete('github.token');
    expect(store.has('github.token')).toBe(false);
    expect(store.has('database.password')).toBe(true);
    expect(refusalOf(() => store.delete('github.token'))).toMatchObject({ code: 'not_found' });
  });

  it('takes secrets alone, and says which there are', () => {
    expect(refusalOf(() => store.set('githb.token', TOKEN))).toMatchObject({
      code: 'invalid_input',
      message: 'There is no secret `githb.token`.',
      hint: 'Did you mean `github.token`? Secrets: http.token, database.password, ai.deepseek.apiKey, ai.openai.apiKey, ai.compatible.apiKey, github.token, tracing.headers.',
    });
    expect(refusalOf(() => store.set('http.port', '1'))).toMatchObject({
      message: 'Configuration key `http.port` is no secret.',
    });
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['', 'is empty'],
    ['one\ntwo', 'a line break'],
    ['nul\0', 'control character'],
    ['x'.repeat(65_537), 'has 65537 bytes'],
    ['ü'.repeat(40_000), 'has 80000 bytes'],
  ])('refuses text that is no secret, and does not repeat it (%#)', (value, why) => {
    const error = refusalOf(() => store.set('github.token', value));
    expect(error.message).toContain(why);
    expect(JSON.stringify(error.message).length).toBeLessThan(200);
    expect(existsSync(file)).toBe(false);
  });

  it('is left as it was when another process is writing it; a draft of a dead one is no hindrance', () => {
    store.set('github.token', 'before');
    writeFileSync(`${file}.draft`, '');
    expect(refusalOf(() => store.set('github.token', 'after'))).toMatchObject({ code: 'conflict' });
    expect(readFileSync(file, 'utf8')).toContain('before');
    utimesSync(`${file}.draft`, 1, 1);
    store.set('github.token', 'after');
    expect(readFileSync(file, 'utf8')).toContain('after');
    expect(readdirSync(dataDir)).toEqual(['secrets.json']);
  });

  it('leaves no draft behind when it refuses', () => {
    write('not json');
    expect(refusalOf(() => store.set('github.token', TOKEN)).message).toContain('is not a JSON object of texts');
    expect(readdirSync(dataDir)).toEqual(['secrets.json']);
  });

  describe('as a layer of the configuration', () => {
    const flags = (): { flags: { dataDir: string } } => ({ flags: { dataDir } });

    it('stands between the configuration file and the environment, and is masked like any other', () => {
      store.set('github.token', TOKEN);
      const configFile = tempFile('c.json', JSON.stringify({ dataDir, github: { token: 'of-the-file' } }));
      const loaded = load({ configFile });
      expect(loaded.config.github.token).toBe(TOKEN);
      expect(loaded.origins.get('github.token')).toBe(`secret store ${file}`);
      expect(describeConfig(loaded).find(({ key }) => key === 'github.token')?.value).toBe('••••');
      expect(secretEffect(loaded, 'github.token')).toBe('at the next start');
      const above = load({ configFile, env: { GITHUB_TOKEN: 'of-the-env' } });
      expect(above.config.github.token).toBe('of-the-env');
      expect(secretEffect(above, 'github.token')).toBe('only once github.token no longer comes from env GITHUB_TOKEN');
      expect(load({ ...flags(), input: { github: { token: 'of-a-program' } } }).config.github.token).toBe(
        'of-a-program',
      );
    });

    it('is that of the data folder that flags, environment, a program or nobody names', () => {
      const home = tempFolder();
      const folder = join(home, 'lightdom');
      mkdirSync(folder);
      new SecretStore(folder).set('github.token', TOKEN);
      for (const options of [
        { flags: { dataDir: folder } },
        { env: { LIGHTDOM_DATA_DIR: folder } },
        { input: { dataDir: folder } },
        { env: { XDG_DATA_HOME: home } },
      ]) {
        expect(load(options).config.github.token).toBe(TOKEN);
      }
    });

    it('tells of each secret whether it is set and from where, and no value', () => {
      store.set('github.token', TOKEN);
      const rows = describeSecrets(load({ ...flags(), env: { GITHUB_TOKEN: 'of-the-env' } }));
      expect(rows.map(({ key, isSet, isStored, origin }) => ({ key, isSet, isStored, origin }))).toEqual([
        { key: 'http.token', isSet: false, isStored: false, origin: 'not set' },
        { key: 'database.password', isSet: false, isStored: false, origin: 'not set' },
        { key: 'ai.deepseek.apiKey', isSet: false, isStored: false, origin: 'not set' },
        { key: 'ai.openai.apiKey', isSet: false, isStored: false, origin: 'not set' },
        { key: 'ai.compatible.apiKey', isSet: false, isStored: false, origin: 'not set' },
        { key: 'github.token', isSet: true, isStored: true, origin: 'env GITHUB_TOKEN' },
        { key: 'tracing.headers', isSet: false, isStored: false, origin: 'not set' },
      ]);
      expect(JSON.stringify(rows)).not.toMatch(/of-the-env|ghp_/);
    });

    it('is refused when others can read it', () => {
      for (const mode of [0o640, 0o604, 0o644, 0o660]) {
        write('{}', mode);
        expect(refusal(flags())).toMatchObject({
          code: 'permission_denied',
          message: `The secret store ${file} is open to other users (mode 0${mode.toString(8)}).`,
          hint: `Run \`chmod 600 ${file}\`, and replace the secrets if others use this machine.`,
        });
      }
    });

    it('names every key that is unknown or no secret, and quotes no value', () => {
      write(JSON.stringify({ 'github.tokn': TOKEN, 'http.port': '80', 'github.token': '' }));
      const { code, message } = refusal(flags());
      expect(code).toBe('invalid_input');
      expect(message.split('\n')).toEqual([
        `There is no secret \`github.tokn\`. (From secret store ${file}.) Did you mean \`github.token\`? Secrets: http.token, database.password, ai.deepseek.apiKey, ai.openai.apiKey, ai.compatible.apiKey, github.token, tracing.headers.`,
        `Configuration key \`http.port\` is no secret. (From secret store ${file}.) Put it into the configuration file.`,
        `Configuration key \`github.token\` can't be •••• (from secret store ${file}): it must be text.`,
      ]);
    });

    it.each(['', '[]', '{"github.token":', `{"github.token":{"x":"${TOKEN}"}}`, '{"github.token":1}'])(
      'must be an object of texts, which %s is not',
      (text) => {
        write(text);
        const error = refusal(flags());
        expect(error.message).toBe(`The secret store ${file} is not a JSON object of texts.`);
        expect(JSON.stringify([error.message, error.hint, String(error.cause)])).not.toContain(TOKEN);
      },
    );

    it('is neither followed as a link nor read when it is too large', () => {
      const elsewhere = tempFile('other.json', '{}');
      chmodSync(elsewhere, 0o600);
      symlinkSync(elsewhere, file);
      expect(refusal(flags()).message).toContain('is not a regular file');
      const large = tempFolder();
      writeFileSync(join(large, 'secrets.json'), `{"github.token":"${'x'.repeat(1_000_000)}"}`, { mode: 0o600 });
      expect(refusal({ flags: { dataDir: large } }).message).toContain('at most 1000000 are read');
    });

    it('is not looked at by a process that is given the whole configuration', () => {
      write('not json');
      expect(load({ ...flags(), isStoreRead: false }).config.github.token).toBeUndefined();
    });

    it('completes the parts of a database address, and does not stand against a URL', () => {
      store.set('database.password', 'pw');
      expect(databaseUrlOf(load({ flags: { dataDir, 'database.host': 'db' } }))).toBe(
        'postgresql://postgres:pw@db:5432/lightdom',
      );
      const url = 'postgresql://me:mine@here/mine';
      const configFile = tempFile('c.json', JSON.stringify({ dataDir, database: { url } }));
      for (const loaded of [load({ configFile }), load({ flags: { dataDir, 'database.url': url } })]) {
        expect(databaseUrlOf(loaded)).toBe(url);
        expect(secretEffect(loaded, 'database.password')).toMatch(/^only once database\.url no longer comes from /);
      }
    });
  });
});
