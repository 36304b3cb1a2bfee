import { describe, expect, test } from 'vitest';
import { parseSetFlags } from '../../../src/core/config/index.ts';
import { refusal, tempFile } from './config-fixture.ts';

test('a key that others need beside them is said to be missing', () => {
  expect(refusal({ flags: { http: { oauth: { issuer: 'https://issuer.example' } } } }).message).toBe(
    'Configuration key `http.oauth.audience` is missing: a URL that starts with https://, or http:// on this machine.',
  );
});

describe('an unknown key', () => {
  const cases = [
    ['maxConcurrentCampaigns', 'services.campaigns.maxConcurrent'],
    ['autoindex', 'autoIndex'],
    ['auto_index', 'autoIndex'],
    ['database.hots', 'database.host'],
    ['databse', 'database'],
    ['deepseek.apiKey', 'ai.deepseek.apiKey'],
    ['services.campaign', 'services.campaigns'],
    ['services.training.workers', 'services.training.parallelWorkers'],
    ['healthCheckInterval', 'services.startup.healthCheckInterval'],
    ['http.prot', 'http.port'],
  ] as const;

  test.each(cases)('%s is answered with %s', (unknown, nearest) => {
    const { code, message } = refusal({ flags: { [unknown]: 1 } });
    expect(code).toBe('invalid_input');
    expect(message).toBe(
      `Unknown configuration key \`${unknown}\` (from flag --set ${unknown}). Did you mean \`${nearest}\`?`,
    );
  });

  test('that resembles nothing is answered with the keys that are valid there', () => {
    expect(refusal({ flags: { http: { zzz: 1 } } }).message).toBe(
      'Unknown configuration key `http.zzz` (from flag --set http.zzz). Valid keys of `http`: enabled, host, port, allowedHosts, corsOrigins, token, oauth, rateLimit, maxConcurrent.',
    );
    expect(refusal({ flags: { services: { seo: { depth: 1 } } } }).message).toContain(
      '`services.seo` has no keys yet.',
    );
  });

  test('of the object prototype is unknown as well', () => {
    const configFile = tempFile('config.json', '{"__proto__": {"autoIndex": true}, "constructor": 1}');
    const { message } = refusal({ configFile });
    expect(message).toContain('Unknown configuration key `__proto__`');
    expect(message).toContain('Unknown configuration key `constructor`');
    expect(refusal({ flags: parseSetFlags(['__proto__.autoIndex=true']) }).message).toContain('`__proto__.autoIndex`');
  });
});

describe('a bad value', () => {
  test('is named with key, value, source and what is valid', () => {
    expect(refusal({ flags: parseSetFlags(['http.port=eighty']) }).message).toBe(
      'Configuration key `http.port` can\'t be "eighty" (from flag --set http.port): it must be a whole number from 0 to 65535.',
    );
    expect(refusal({ env: { AUTO_INDEX: 'yes' } }).message).toBe(
      'Configuration key `autoIndex` can\'t be "yes" (from env AUTO_INDEX): it must be true or false.',
    );
    expect(refusal({ env: { NODE_ENV: 'staging' } }).message).toBe(
      'Configuration key `mode` can\'t be "staging" (from env NODE_ENV): it must be development, production or testing.',
    );
    expect(refusal({ env: { MIN_CONFIDENCE: '1.5' } }).message).toContain('it must be a number from 0 to 1.');
  });

  test.each(['', ' 1', '1e3', '0x10', '1_000', '12px', 'NaN', 'Infinity', '3.5', '-1', '65536'])(
    'of a port can be %j',
    (text) => {
      expect(refusal({ flags: { 'http.port': text } }).message).toContain(`can't be ${JSON.stringify(text)}`);
    },
  );

  test('from a file must have the right type, not the right spelling', () => {
    const configFile = tempFile('config.json', '{"http": {"port": "3001"}, "autoIndex": "true", "workspace": null}');
    const { message, details } = refusal({ configFile });
    expect(message.split('\n')).toEqual([
      `Configuration key \`http.port\` can't be "3001" (from file ${configFile}): it must be a whole number from 0 to 65535.`,
      `Configuration key \`autoIndex\` can't be "true" (from file ${configFile}): it must be true or false.`,
      `Configuration key \`workspace\` can't be null (from file ${configFile}): it must be a file or folder path.`,
    ]);
    expect(details['problems']).toHaveLength(3);
  });

  test('in place of a group is refused', () => {
    expect(refusal({ flags: { database: 'postgresql://x' } }).message).toBe(
      "Configuration key `database` can't be a string (from flag --set database): it is an object with the keys url, host, port, database, user, password, durability.",
    );
    expect(refusal({ configFile: tempFile('config.json', '[]') }).message).toContain(
      "The configuration can't be a list",
    );
  });

  test('of a secret is not shown', () => {
    const { message } = refusal({
      flags: { ai: { deepseek: { apiKey: { wrong: 'sk-secret' } } } },
      env: { DATABASE_URL: 'mysql://me:hunter2@db.example/app' },
    });
    expect(message).toContain("`ai.deepseek.apiKey` can't be ••••");
    expect(message).toContain('`database.url` can\'t be "mysql://me:••••@db.example/app" (from env DATABASE_URL)');
    expect(message).not.toMatch(/sk-secret|hunter2/);
  });

  test('is cut when it is long, and of many problems ten are told', () => {
    expect(refusal({ flags: { mode: 'x'.repeat(5_000) } }).message.length).toBeLessThan(300);
    const flags = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`zz${index}`, 1]));
    expect(refusal({ flags }).message).toContain('3 more problems are not shown.');
  });
});
