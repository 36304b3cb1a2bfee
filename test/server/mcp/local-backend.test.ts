import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/core/errors.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import { plainCall } from '../../../src/server/mcp/surface-backend.ts';
import type { Services } from '../../../src/services.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createTestCatalog, NO_SERVICES } from '../../support/test-catalog.ts';
import { testSealer } from '../../support/test-sealer.ts';

const CALL = plainCall(new AbortController().signal);

function backendOf(options: { services?: () => Promise<Services>; startupWaitMs?: number } = {}) {
  const { catalog } = createTestCatalog();
  return createLocalBackend({
    sealer: testSealer,
    catalog,
    log: createSilentLog(),
    services: () => Promise.resolve(NO_SERVICES),
    ...options,
  });
}

describe('local backend', () => {
  test.each([
    [{}, '"text" is missing (a string)'],
    [{ text: '' }, '"text" is "", but must be at least 1 character long'],
    [{ text: 5 }, '"text" is 5, but must be a string'],
    [{ text: ['a'] }, '"text" is ["a"], but must be a string'],
    [{ text: 'a', times: 0 }, '"times" is 0, but must be at least 1'],
    [{ text: 'a', times: 1.5 }, '"times" is 1.5, but must be an integer'],
    [{ text: 'a', times: '3' }, '"times" is "3", but must be a number'],
    [{ text: 'a', style: 'lout' }, '"style" is "lout", but must be one of "plain", "loud" (did you mean "loud"?)'],
    [{ text: 'a', tims: 2 }, '"tims" is not a field (did you mean "times"?)'],
    [{ text: 'a', constructor: 2 }, '"constructor" is not a field'],
    ['text', 'the input is "text", but must be an object'],
    [[], 'the input is [], but must be an object'],
  ])('says what is wrong with the input %j', async (input, problem) => {
    const failure = await failureOf(backendOf().callTool('echo', input, CALL));
    expect(failure).toMatchObject({
      code: 'invalid_input',
      message: `Invalid input for echo: ${problem}.`,
      hint: 'Fields: text, times, style.',
    });
  });

  test('refuses an own __proto__ key like any other unknown one', async () => {
    const input = z.unknown().parse(JSON.parse('{"text":"a","__proto__":{"times":2}}'));
    expect(await failureOf(backendOf().callTool('echo', input, CALL))).toMatchObject({ code: 'invalid_input' });
  });

  test('keeps a huge value out of the message', async () => {
    const failure = await failureOf(backendOf().callTool('echo', { text: 'a', style: 'x'.repeat(100_000) }, CALL));
    expect(String(failure).length).toBeLessThan(400);
  });

  test('takes no input at all for a tool without required fields', async () => {
    const failure = await failureOf(backendOf().callTool('refuse', undefined, CALL));
    expect(failure).toMatchObject({ code: 'conflict' });
  });

  test('knows no tool by another name, not even one that every object has', async () => {
    for (const name of ['ecko', 'constructor', '__proto__', '']) {
      expect(await failureOf(backendOf().callTool(name, {}, CALL))).toMatchObject({ code: 'not_found' });
    }
  });

  test('writes the detail of an unexpected failure to the log, under the id that the caller gets', async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    const { catalog } = createTestCatalog();
    const log = pino(sink);
    const backend = createLocalBackend({
      sealer: testSealer,
      catalog,
      log,
      services: () => Promise.resolve(NO_SERVICES),
    });
    const failure = await failureOf(backend.callTool('crash', {}, CALL));
    if (!(failure instanceof AppError)) throw new Error('It is no AppError.');
    expect(failure.message).not.toContain('secret detail');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('secret detail');
    expect(lines[0]).toContain(String(failure.details['incidentId']));
  });

  test('answers that the services are still starting rather than wait for long', async () => {
    const backend = backendOf({ services: () => new Promise(() => {}), startupWaitMs: 5 });
    expect(await failureOf(backend.callTool('echo', { text: 'a' }, CALL))).toMatchObject({
      code: 'not_ready',
      hint: 'Call again in a few seconds.',
    });
  });

  test('stops waiting for the services when the caller goes away', async () => {
    const controller = new AbortController();
    const backend = backendOf({ services: () => new Promise(() => {}) });
    const failure = failureOf(backend.callTool('echo', { text: 'a' }, { ...CALL, signal: controller.signal }));
    controller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
  });

  test('passes on why the services did not come up', async () => {
    const backend = backendOf({ services: () => Promise.reject(new AppError('not_configured', 'No database.')) });
    expect(await failureOf(backend.callTool('echo', { text: 'a' }, CALL))).toMatchObject({ message: 'No database.' });
  });

  test('refuses resource URIs that match nothing, are malformed or endless', async () => {
    const uris = ['test://items/', 'test://items/a/b', `test://items/${'a'.repeat(3_000)}`, 'test://fixed?x', ''];
    for (const uri of uris) {
      expect(await failureOf(backendOf().readResource(uri, CALL))).toMatchObject({ code: 'not_found' });
    }
    expect(await failureOf(backendOf().readResource('test://items/%zz', CALL))).toMatchObject({
      code: 'invalid_input',
    });
  });
});
