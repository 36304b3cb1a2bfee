import { describe, expect, test } from 'vitest';
import { databaseUrlOf } from '../../../src/core/config/index.ts';
import type { LoadConfigOptions } from '../../../src/core/config/index.ts';
import { load, tempFile } from './config-fixture.ts';

function urlOf(options: LoadConfigOptions): string | undefined {
  return databaseUrlOf(load(options));
}

describe('the database', () => {
  test('is embedded when nobody names one', () => {
    expect(urlOf({})).toBeUndefined();
    expect(urlOf({ flags: { 'database.durability': 'relaxed' } })).toBeUndefined();
  });

  test('is the URL that was given', () => {
    expect(urlOf({ env: { DATABASE_URL: 'postgresql://localhost/lightdom' } })).toBe('postgresql://localhost/lightdom');
  });

  test('is composed as soon as one of its parts is given', () => {
    expect(urlOf({ input: { database: { host: 'localhost', port: 5432, database: 'lightdom' } } })).toBe(
      'postgresql://postgres@localhost:5432/lightdom',
    );
    expect(urlOf({ env: { LIGHTDOM_DATABASE_PASSWORD: 'p@ss/w:rd%' } })).toBe(
      'postgresql://postgres:p%40ss%2Fw%3Ard%25@localhost:5432/lightdom',
    );
    expect(urlOf({ flags: { 'database.host': '::1' } })).toBe('postgresql://postgres@[::1]:5432/lightdom');
    expect(urlOf({ flags: { 'database.host': '[::1]' } })).toBe('postgresql://postgres@[::1]:5432/lightdom');
    expect(urlOf({ flags: { 'database.host': '/run/pg' } })).toBe('postgresql://postgres@%2Frun%2Fpg:5432/lightdom');
  });

  test('is named by the source that wins, whether as URL or in parts', () => {
    const env = { DATABASE_URL: 'postgresql://shell/app' };
    expect(urlOf({ env, input: { database: { host: 'mine' } } })).toBe('postgresql://postgres@mine:5432/lightdom');
    const configFile = tempFile('config.json', '{"database": {"host": "filed", "password": "x"}}');
    expect(urlOf({ env, configFile })).toBe('postgresql://shell/app');
    expect(urlOf({ input: { database: { url: 'postgresql://a/b', host: 'mine' } } })).toBe('postgresql://a/b');
  });
});
