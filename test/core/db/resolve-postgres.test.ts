import { inspect } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { connectDatabase, describePostgresSources, resolvePostgres } from '../../../src/core/db/index.ts';
import { AppError } from '../../../src/core/errors.ts';
import { newId } from '../../../src/core/ids.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { failureOf } from '../../support/failure-of.ts';

const log = createSilentLog();

/** With all its fields and causes, as a log or a crash may print it. */
const inWhole = (error: unknown): string => inspect(error, { depth: null, showHidden: true });

describe('resolvePostgres', () => {
  it('creates the database of a URL when it does not exist, and finds it the next time', async () => {
    const name = `made_${newId().slice(0, 12)}`;
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${name}`;
    const options = { url: url.href, dataDir: '/not/used', log, durability: 'full' as const };
    const first = await resolvePostgres(options);
    expect(first).toMatchObject({ source: 'url', url: url.href });
    await (await resolvePostgres(options)).stop();
    const database = await connectDatabase({ url: inject('postgresUrl'), log, max: 1 });
    await database.execute(`drop database ${name}`);
    await database.close();
  });

  it('lets several create the database of a URL at the same moment', async () => {
    const name = `made_${newId().slice(0, 12)}`;
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${name}`;
    const options = { url: url.href, dataDir: '/not/used', log, durability: 'full' as const };
    const found = await Promise.all(Array.from({ length: 6 }, () => resolvePostgres(options)));
    expect(found.map((one) => one.url)).toEqual(Array.from({ length: 6 }, () => url.href));
    const database = await connectDatabase({ url: inject('postgresUrl'), log, max: 1 });
    await database.execute(`drop database ${name} with (force)`);
    await database.close();
  });

  it('says what to do when nobody answers at a URL, without its password', async () => {
    const url = 'postgresql://me:hunter2@127.0.0.1:1/lightdom';
    const error = await resolvePostgres({ url, dataDir: '', log, durability: 'full' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'not_ready',
      hint: 'Start that server, mend DATABASE_URL, or unset it to use the embedded Postgres.',
    });
    expect(String(error)).toContain('postgresql://me:••••@127.0.0.1:1/lightdom');
    expect(inWhole(error)).not.toContain('hunter2');
  });

  it('names the three ways to a database when there is none', async () => {
    const findBinaries = (): undefined => undefined;
    const error = await failureOf(resolvePostgres({ dataDir: '/not/used', log, durability: 'full', findBinaries }));
    expect(error).toMatchObject({ code: 'not_configured' });
    const hint = error instanceof AppError ? error.hint : '';
    for (const way of ['DATABASE_URL', 'npm ci --include=optional', 'install a Postgres']) expect(hint).toContain(way);
  });

  it.each([
    ['a password that is wrong', (url: URL) => (url.password = 'hunter2')],
    ['a password among the settings', (url: URL) => ((url.password = ''), (url.search = '?password=hunter2'))],
  ])('says that %s can not be used, without showing it', async (_what, change) => {
    const url = new URL(inject('postgresUrl'));
    change(url);
    const options = { url: url.href, dataDir: '', log, durability: 'full' as const };
    const error = await resolvePostgres(options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'not_configured' });
    expect(String(error)).toContain('••••');
    expect(inWhole(error)).not.toContain('hunter2');
  });

  it('says that a URL is none', async () => {
    const refused = resolvePostgres({ url: 'postgresql://me:hunter2@[', dataDir: '', log, durability: 'full' });
    const error = await refused.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'not_configured' });
    expect(inWhole(error)).not.toContain('hunter2');
  });

  it('names what it would use without starting it', () => {
    expect(describePostgresSources(undefined)).toMatchObject({ available: true });
    const given = describePostgresSources('postgresql://me:hunter2@db.example/lightdom');
    expect(given.detail).toBe('the server at postgresql://me:••••@db.example/lightdom');
  });
});
