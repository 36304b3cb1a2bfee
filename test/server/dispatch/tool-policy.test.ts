import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { demandOf } from '../../../src/server/dispatch/request-policy.ts';
import { ToolAccess } from '../../../src/server/dispatch/tool-access.ts';
import {
  createToolPolicy,
  DEFAULT_SETTINGS,
  tightenPolicy,
  withoutSelection,
} from '../../../src/server/dispatch/tool-policy.ts';
import type { PolicySettings } from '../../../src/server/dispatch/tool-policy.ts';
import { createSurfaceListing } from '../../../src/server/mcp/surface-listing.ts';
import { defineTool } from '../../../src/surface/index.ts';
import type { Catalog } from '../../../src/surface/index.ts';
import { createPolicyCatalog } from '../../support/policy-catalog.ts';
import { refusalOf } from '../../support/refusal-of.ts';

const { catalog } = createPolicyCatalog();
const listing = createSurfaceListing(catalog);
const CALLABLE = listing.tools.map(({ tool }) => tool.name);

const policyOf = (settings: Partial<PolicySettings>) => createToolPolicy(catalog, { ...DEFAULT_SETTINGS, ...settings });
const listedOf = (settings: Partial<PolicySettings>, headers: Record<string, string> = {}) => {
  const demand = demandOf((name) => headers[name]);
  const policy = policyOf(settings);
  const effective = demand === undefined ? policy : tightenPolicy(policy, catalog, demand);
  const access = new ToolAccess(listing, effective);
  const denied = listing.tools.filter(({ tool }) => access.denialOf(tool) !== undefined);
  return { listed: access.listed().map(({ name }) => name), denied: denied.map(({ tool }) => tool.name) };
};

const WRITING = ['store', 'wipe', 'hidden_store', 'launch', 'run_control', 'run_answer'];
const PAIR = ['tool_search', 'tool_call'];
const READING = ['look', 'picture', 'refuse', 'ask'];

describe('precedence: read-only, then excluded, then tools, then toolsets', () => {
  test.each<[string, Partial<PolicySettings>, { listed: string[]; denied: string[] }]>([
    ['nothing said', {}, { listed: [...READING, 'store', 'wipe', ...PAIR], denied: [] }],
    ['a toolset', { toolsets: ['extra'] }, { listed: ['hidden_look', 'hidden_store', 'stuck', 'launch'], denied: [] }],
    ['all toolsets', { toolsets: ['all'] }, { listed: CALLABLE, denied: [] }],
    ['no toolset, one tool', { toolsets: [], tools: ['wipe'] }, { listed: ['wipe'], denied: [] }],
    [
      'a tool beside the default',
      { tools: ['hidden_look'] },
      { listed: [...READING, 'store', 'wipe', ...PAIR, 'hidden_look'], denied: [] },
    ],
    [
      'excluded beats toolsets',
      { toolsets: ['writing'], excludeTools: ['wipe'] },
      { listed: ['store'], denied: ['wipe'] },
    ],
    [
      'excluded beats tools',
      { toolsets: [], tools: ['wipe', 'look'], excludeTools: ['wipe'] },
      { listed: ['look'], denied: ['wipe'] },
    ],
    ['read-only beats tools', { toolsets: [], tools: ['wipe'], readOnly: true }, { listed: [], denied: WRITING }],
    ['read-only beats toolsets', { readOnly: true }, { listed: [...READING, ...PAIR], denied: WRITING }],
    [
      'read-only and excluded',
      { readOnly: true, excludeTools: ['look'] },
      { listed: ['picture', 'refuse', 'ask', ...PAIR], denied: ['look', ...WRITING] },
    ],
  ])('%s', (_title, settings, expected) => {
    const { listed, denied } = listedOf(settings);
    expect(listed).toEqual(expected.listed);
    expect(denied.toSorted()).toEqual(expected.denied.toSorted());
  });

  test('a denial says which setting forbids the call', () => {
    const readOnly = new ToolAccess(listing, policyOf({ readOnly: true, excludeTools: ['store', 'look'] }));
    expect(refusalOf(() => readOnly.get('store'))).toMatchObject({
      code: 'permission_denied',
      message: 'store changes something, and only reading is allowed here.',
      hint: 'mcp.readOnly (--read-only) is set.',
    });
    expect(refusalOf(() => readOnly.get('look'))).toMatchObject({
      code: 'permission_denied',
      message: 'look is excluded here.',
      hint: 'mcp.excludeTools (--exclude-tools) names it.',
    });
  });
});

describe('names', () => {
  test.each<[Partial<PolicySettings>, string, string]>([
    [
      { toolsets: ['writting'] },
      'mcp.toolsets (--toolsets) names "writting", which is no toolset (did you mean "writing"?).',
      'Valid: default, all, reading, writing, catalog, extra, runs.',
    ],
    [
      { tools: ['loook'] },
      'mcp.tools (--tools) names "loook", which is no tool (did you mean "look"?).',
      `Valid: ${CALLABLE.join(', ')}.`,
    ],
    [
      { excludeTools: ['graph_index'] },
      'mcp.excludeTools (--exclude-tools) names "graph_index", which is no tool.',
      `Valid: ${CALLABLE.join(', ')}.`,
    ],
  ])('%j is refused', (settings, message, hint) => {
    expect(refusalOf(() => policyOf(settings))).toMatchObject({ code: 'invalid_input', message, hint });
  });

  test('a former name counts as the present one, and is not listed', () => {
    expect(listedOf({ toolsets: [], tools: ['peek'] }).listed).toEqual(['look']);
    expect(listedOf({ excludeTools: ['save'] }).denied).toEqual(['store']);
    expect(listedOf({ toolsets: ['all'] }).listed).not.toContain('peek');
    expect(new ToolAccess(listing, policyOf({})).get('peek').name).toBe('look');
  });
});

describe('headers of a request', () => {
  test.each<[string, Record<string, string>, { listed: string[]; denied: string[] }]>([
    ['fewer toolsets', { 'X-LightDom-Toolsets': 'reading' }, { listed: READING, denied: [] }],
    [
      'toolsets that are not listed add none',
      { 'X-LightDom-Toolsets': 'extra, writing' },
      { listed: ['store', 'wipe'], denied: [] },
    ],
    ['all adds none', { 'X-LightDom-Toolsets': 'all' }, { listed: [...READING, 'store', 'wipe', ...PAIR], denied: [] }],
    ['read-only', { 'X-LightDom-Read-Only': 'true' }, { listed: [...READING, ...PAIR], denied: WRITING }],
    [
      'excluded, by a former name, too',
      { 'X-LightDom-Exclude-Tools': 'save,look' },
      { listed: ['picture', 'refuse', 'ask', 'wipe', ...PAIR], denied: ['look', 'store'] },
    ],
    [
      'nothing',
      { 'X-LightDom-Toolsets': ' ', 'X-LightDom-Read-Only': 'false' },
      { listed: [...READING, 'store', 'wipe', ...PAIR], denied: [] },
    ],
  ])('%s', (_title, headers, expected) => {
    const { listed, denied } = listedOf({}, headers);
    expect(listed).toEqual(expected.listed);
    expect(denied.toSorted()).toEqual(expected.denied.toSorted());
  });

  test('give back nothing that the operator took', () => {
    const settings = { toolsets: ['reading', 'writing'], excludeTools: ['look'], readOnly: true };
    const plain = listedOf(settings);
    const headers = { 'X-LightDom-Toolsets': 'all', 'X-LightDom-Read-Only': 'false' };
    expect(listedOf(settings, headers)).toEqual(plain);
  });

  test('that name what is not there are refused', () => {
    const tighten = (headers: Record<string, string>) => () => listedOf({}, headers);
    expect(refusalOf(tighten({ 'X-LightDom-Toolsets': 'redaing' }))).toMatchObject({
      code: 'invalid_input',
      message: 'X-LightDom-Toolsets names "redaing", which is no toolset (did you mean "reading"?).',
    });
    expect(refusalOf(tighten({ 'X-LightDom-Exclude-Tools': 'nothing' }))).toMatchObject({ code: 'invalid_input' });
    expect(refusalOf(tighten({ 'X-LightDom-Read-Only': 'maybe' }))).toMatchObject({
      message: 'X-LightDom-Read-Only is "maybe".',
      hint: 'Valid: true, 1, false, 0.',
    });
  });
});

describe('profiles and parts', () => {
  test('compact lists the same tools without what only people and checkers read', () => {
    const compact = new ToolAccess(listing, policyOf({ profile: 'compact' })).listed();
    const full = new ToolAccess(listing, policyOf({})).listed();
    expect(compact.map(({ name }) => name)).toEqual(full.map(({ name }) => name));
    expect(compact.some((tool) => tool.outputSchema !== undefined || tool.title !== undefined)).toBe(false);
    expect(compact[0]).toMatchObject({ description: full[0]?.description, inputSchema: full[0]?.inputSchema });
  });

  test('compact refuses to list more than 16 tools', () => {
    const tools = Array.from({ length: 17 }, (_, index) =>
      defineTool({
        name: `tool_${index}`,
        title: 'T',
        description: 'T.',
        effect: 'read',
        idempotent: true,
        openWorld: false,
        input: z.object({}),
        output: z.object({}),
        run: () => Promise.resolve({}),
      }),
    );
    const many: Catalog = {
      toolsets: [{ toolset: { id: 'many', title: 'M', description: 'M.', isDefault: true }, tools }],
      resources: [],
      prompts: [],
    };
    const compact = { ...DEFAULT_SETTINGS, profile: 'compact' as const };
    expect(refusalOf(() => createToolPolicy(many, compact))).toMatchObject({
      code: 'invalid_input',
      message: 'mcp.profile compact (--compact) lists at most 16 tools, but 17 are selected.',
    });
    expect(createToolPolicy(many, { ...compact, excludeTools: ['tool_3'] }).isCompact).toBe(true);
  });

  test('a surface that is a selection itself keeps what is denied and lists the rest', () => {
    const policy = withoutSelection(policyOf({ toolsets: ['runs'], excludeTools: ['look'], readOnly: true }));
    const listed = new ToolAccess(listing, policy).listed().map(({ name }) => name);
    expect(listed).toEqual(['picture', 'refuse', 'ask', ...PAIR, 'hidden_look', 'stuck', 'run_get']);
  });

  test('tool_call has the strongest hints of what it can reach', () => {
    const hintsUnder = (settings: Partial<PolicySettings>) =>
      new ToolAccess(listing, policyOf(settings)).listed().find(({ name }) => name === 'tool_call')?.annotations;
    expect(hintsUnder({})).toEqual({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: false,
    });
    expect(hintsUnder({ excludeTools: ['wipe', 'run_control'] })).toMatchObject({
      readOnlyHint: false,
      destructiveHint: false,
    });
    expect(hintsUnder({ readOnly: true })).toMatchObject({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
    });
  });
});
