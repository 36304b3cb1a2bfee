import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { grantedScopes, SCOPES } from '../../../src/core/access.ts';
import type { Scope } from '../../../src/core/access.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import { ScopePolicy } from '../../../src/server/mcp/scope-policy.ts';
import { failureOf } from '../../support/failure-of.ts';
import { scopedCall } from '../../support/scoped-call.ts';
import { NO_SERVICES } from '../../support/test-catalog.ts';
import { testSealer } from '../../support/test-sealer.ts';

const backend = createLocalBackend({
  sealer: testSealer,
  catalog,
  log: createSilentLog(),
  services: () => Promise.resolve(NO_SERVICES),
});
const policy = new ScopePolicy(catalog);
const tools = catalog.toolsets.flatMap((entry) => entry.tools);

describe('scopes are minimal: read, write, run, admin; each tool is checked inside dispatch', () => {
  test('what a scope includes', () => {
    expect(grantedScopes([])).toEqual([]);
    expect(grantedScopes(['openid', 'Lightdom:Read', 'lightdom:read '])).toEqual([]);
    expect(grantedScopes(['lightdom:write'])).toEqual(['lightdom:read', 'lightdom:write']);
    expect(grantedScopes(['lightdom:run', 'email'])).toEqual(['lightdom:read', 'lightdom:run']);
    expect(grantedScopes(['lightdom:admin'])).toEqual(SCOPES);
  });

  test('what each tool needs', () => {
    const needing = (scope: Scope) => tools.map(({ name }) => name).filter((name) => policy.ofTool(name) === scope);
    expect(SCOPES.flatMap(needing)).toHaveLength(tools.length);
    expect(needing('lightdom:admin')).toEqual(
      expect.arrayContaining(['run_drill', 'run_log', 'run_prune', 'run_workers']),
    );
    expect(needing('lightdom:run')).toEqual(expect.arrayContaining(['finding_collect', 'graph_index', 'run_control']));
    expect(needing('lightdom:write')).toEqual(expect.arrayContaining(['finding_update', 'note_create', 'note_delete']));
    // What stands for other tools needs what they need.
    const readers = tools.filter(
      (tool) => policy.ofTool(tool.name) === 'lightdom:read' && tool.aboutTools === undefined,
    );
    expect(readers.filter(({ effect, task }) => effect !== 'read' || task !== undefined)).toEqual([]);
  });

  test.each(tools.map(({ name }) => [name, policy.ofTool(name)] as const))(
    '%s is denied without %s, whatever else is granted, and names it',
    async (name, needed = 'lightdom:admin') => {
      const others = SCOPES.filter((scope) => !grantedScopes([scope]).includes(needed));
      expect(await failureOf(backend.callTool(name, {}, scopedCall('x|ada', ...others)))).toMatchObject({
        code: 'permission_denied',
        message: `${name} needs the scope ${needed}, which your token does not grant.`,
        hint: `Ask for a token with ${needed}.`,
      });
    },
  );

  test('a call through tool_call needs what the tool needs, seen before it is dispatched', () => {
    const lackOf = (tool: unknown, ...scopes: Scope[]) => {
      const params = { name: 'tool_call', arguments: { tool } };
      return policy.lackOf({ method: 'tools/call', params }, grantedScopes(scopes));
    };
    expect(lackOf('note_create', 'lightdom:read')).toBe('lightdom:write');
    expect(lackOf('note_create', 'lightdom:write')).toBeUndefined();
    expect(lackOf('run_prune', 'lightdom:write', 'lightdom:run')).toBe('lightdom:admin');
    expect(lackOf('note_query')).toBe('lightdom:read');
    // What can't be read, or is no tool, is for the dispatch to say to who may ask at all.
    for (const odd of ['nothing', undefined, 7]) expect(lackOf(odd, 'lightdom:read')).toBeUndefined();
    expect(lackOf(undefined)).toBe('lightdom:read');
  });

  test('resources and prompts need read', async () => {
    const nothing = scopedCall('x|ada');
    for (const attempt of [
      backend.readResource('lightdom://status', nothing),
      backend.readResource(`run://${'f'.repeat(32)}`, nothing),
      backend.getPrompt('explore_codebase', {}, nothing),
    ]) {
      expect(await failureOf(attempt)).toMatchObject({ code: 'permission_denied' });
    }
  });

  test('a scope is looked for before the arguments: they tell nothing to who may not ask', async () => {
    const failure = await failureOf(
      backend.callTool('note_delete', { nonsense: 1 }, scopedCall('x|ada', 'lightdom:read')),
    );
    expect(failure).toMatchObject({ code: 'permission_denied' });
  });
});
