import { Client } from '@modelcontextprotocol/client';
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
import { afterEach, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { catalog as product } from '../../../src/catalog.ts';
import { messageOf } from '../../../src/core/errors.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { definePlaybook } from '../../../src/surface/index.ts';
import type { Catalog } from '../../../src/surface/index.ts';
import { failureOf } from '../../support/failure-of.ts';
import { CONNECTIONS, httpTransport, serveHttp } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';

const brew = definePlaybook({
  name: 'brew_tea',
  title: 'Brew tea',
  description: 'Makes a pot of tea: "black", or green.',
  when: 'at five.',
  args: z.object({ kind: z.string().optional().describe('Of tea.') }),
  goal: ({ kind = 'any' }) => `Make ${kind} tea.`,
  steps: ['Boil water.', 'Wait.'],
  answer: 'Answer with a cup.',
});

function catalogWith(prompts: Catalog['prompts']): Catalog {
  return { ...createTestCatalog().catalog, prompts };
}

describe('skills', () => {
  const open: { client: Client; server: HttpServer }[] = [];

  afterEach(async () => {
    for (const { client, server } of open.splice(0)) {
      await client.close();
      await server.close();
    }
  });

  async function connect(catalog: Catalog, era: 'modern' | 'legacy'): Promise<Client> {
    const server = await serveHttp({ catalog, log: createSilentLog() });
    const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
    const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode } });
    await client.connect(httpTransport(new URL(`${server.url}/mcp`)));
    open.push({ client, server });
    return client;
  }

  it.each(['modern', 'legacy'] as const)('are listed, got and verified by a client of the %s era', async (era) => {
    const skills = new SkillsClient(await connect(catalogWith([brew]), era));
    expect(skills.supported).toBe(true);
    const { skills: entries } = await skills.list();
    expect(entries.map(({ uri, frontmatter }) => ({ uri, frontmatter }))).toEqual([
      {
        uri: 'skill://brew-tea/SKILL.md',
        frontmatter: { name: 'brew-tea', description: 'Makes a pot of tea: "black", or green. Use it at five.' },
      },
    ]);
    const { skill } = await skills.get('skill://brew-tea/SKILL.md');
    const file = await skills.read(skill);
    expect(file).toMatchObject({ verified: true, mimeType: 'text/markdown' });
    expect(file.body?.trim()).toBe('# Brew tea\n\nMake any tea.\n\n1. Boil water.\n2. Wait.\n\nAnswer with a cup.');
    const failure = await failureOf(skills.get('skill://coffee/SKILL.md'));
    expect(failure).toHaveProperty('code', -32602);
    expect(messageOf(failure)).toContain('skill://coffee/SKILL.md');
  });

  it('of the product are verified, one for each playbook', async () => {
    const skills = new SkillsClient(await connect(product, 'modern'));
    const { skills: entries } = await skills.list();
    expect(entries.map(({ frontmatter }) => frontmatter.name)).toEqual(
      product.prompts.map(({ name }) => name.replaceAll('_', '-')),
    );
    for (const entry of entries) expect(await skills.read(entry)).toMatchObject({ verified: true });
  });

  it('are not announced where there are none', async () => {
    const client = await connect(createTestCatalog().catalog, 'legacy');
    expect(client.getServerCapabilities()?.extensions).toBeUndefined();
    expect(await failureOf(client.request({ method: 'skills/list', params: {} }, z.unknown()))).toMatchObject({
      code: -32601,
    });
  });

  test.each(CONNECTIONS)('are resources for a client over $title that knows nothing of them', async ({ connect }) => {
    const client = await connect({ catalog: catalogWith([brew]), log: createSilentLog() });
    expect(await client.listResources()).toContainEqual(
      expect.objectContaining({ name: 'brew-tea', uri: 'skill://brew-tea/SKILL.md', mimeType: 'text/markdown' }),
    );
    expect(await client.readResource('skill://brew-tea/SKILL.md')).toEqual([
      { uri: 'skill://brew-tea/SKILL.md', mimeType: 'text/markdown', text: brew.skill?.text },
    ]);
    await client.close();
  });
});
