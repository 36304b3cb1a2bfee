import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageOf } from '../../../src/core/errors.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { failureOf } from '../../support/failure-of.ts';
import { CONNECTIONS } from '../../support/surface-client.ts';
import type { Progress, SurfaceClient } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';
import type { CatalogEvents } from '../../support/test-catalog.ts';

describe.each(CONNECTIONS)('a client over $title', ({ connect }) => {
  let client: SurfaceClient;
  let events: CatalogEvents;

  beforeEach(async () => {
    const { catalog, events: catalogEvents } = createTestCatalog();
    events = catalogEvents;
    client = await connect({ catalog, log: createSilentLog() });
  });

  afterEach(() => client.close());

  test('sees the tools in their order, with schemas and hints', async () => {
    const tools = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(['echo', 'refuse', 'crash', 'malformed', 'slow']);
    expect(tools[0]).toMatchObject({
      title: 'Echo',
      inputSchema: { type: 'object', required: ['text'], additionalProperties: false },
      outputSchema: { type: 'object', required: ['said'] },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    });
    expect(tools[2]).toMatchObject({ annotations: { readOnlyHint: false, destructiveHint: true } });
  });

  test('gets text and structure of an answer', async () => {
    const answer = await client.callTool('echo', { text: 'hey', times: 2, style: 'loud' });
    expect(answer).toMatchObject({
      isError: false,
      content: [{ type: 'text', text: 'HEYHEY' }],
      structuredContent: { said: 'HEYHEY' },
    });
  });

  test('is told which argument is wrong and what is valid', async () => {
    const answer = await client.callTool('echo', { text: 'hey', times: 9, stile: 'loud' });
    expect(answer.isError).toBe(true);
    expect(answer.content[0]?.text).toBe(
      'Invalid input for echo: "times" is 9, but must be at most 5; "stile" is not a field (did you mean "style"?). Fields: text, times, style.',
    );
  });

  test('reads an expected failure with what to do next', async () => {
    const answer = await client.callTool('refuse', {});
    expect(answer).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'Campaign c_41 is already running. Call pause first.' }],
    });
  });

  test('learns of an unexpected failure by an incident id alone', async () => {
    for (const name of ['crash', 'malformed']) {
      const answer = await client.callTool(name, {});
      expect(answer.isError).toBe(true);
      expect(answer.content[0]?.text).toMatch(
        new RegExp(`^${name} failed unexpectedly \\(incident [0-9a-f]{8}\\)\\. The log of the server`),
      );
    }
  });

  test('gets a protocol error for a tool that does not exist', async () => {
    const error = await failureOf(client.callTool('ecko', {}));
    expect(error).toMatchObject({ code: -32602 });
    expect(messageOf(error)).toContain('There is no tool named "ecko" (did you mean "echo"?).');
  });

  test('follows the progress of a call', async () => {
    const seen: Progress[] = [];
    const answer = await client.callTool('slow', { steps: 3 }, { onprogress: (progress) => seen.push(progress) });
    expect(answer.structuredContent).toEqual({ done: 3 });
    expect(seen[0]).toMatchObject({ progress: 1, total: 3, message: 'step 1' });
    expect(seen[1]).toMatchObject({ progress: 2, total: 3, message: 'step 2' });
  });

  test('cancels a call in the middle of its work', async () => {
    const controller = new AbortController();
    const started = once(events, 'started');
    const aborted = once(events, 'aborted');
    const failure = failureOf(client.callTool('slow', { steps: 1, isEndless: true }, { signal: controller.signal }));
    await started;
    controller.abort();
    await aborted;
    expect(await failure).toBeInstanceOf(Error);
    expect((await client.callTool('echo', { text: 'still here' })).isError).toBe(false);
  });

  test('lists and reads resources, fixed and by template', async () => {
    expect((await client.listResources()).map((resource) => resource.name)).toEqual(['fixed']);
    expect(await client.listResourceTemplates()).toMatchObject([{ name: 'item', uriTemplate: 'test://items/{id}' }]);
    expect(await client.readResource('test://fixed')).toEqual([
      { uri: 'test://fixed', mimeType: 'text/plain', text: 'fixed text' },
    ]);
    expect(await client.readResource('test://items/a%20b')).toEqual([
      { uri: 'test://items/a%20b', mimeType: 'application/json', text: '{"id":"a b"}' },
    ]);
  });

  test('gets the URI back with the error for a resource that is not there', async () => {
    for (const uri of ['test://nothing', 'test://items/gone']) {
      await expect(client.readResource(uri)).rejects.toMatchObject({ code: -32602, data: { uri } });
    }
  });

  test('lists and renders prompts', async () => {
    expect(await client.listPrompts()).toMatchObject([
      {
        name: 'greet',
        arguments: [
          { name: 'name', description: 'Whom to greet.', required: true },
          { name: 'tone', description: 'How to sound.', required: false },
        ],
      },
    ]);
    expect(await client.getPrompt('greet', { name: 'Ada' })).toEqual([
      { role: 'user', content: { type: 'text', text: 'Greet Ada.' } },
    ]);
    const error = await failureOf(client.getPrompt('greet', {}));
    expect(error).toMatchObject({ code: -32602 });
    expect(messageOf(error)).toContain('"name" is missing (a string)');
  });
});
