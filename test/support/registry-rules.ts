import { z } from 'zod';

/** A tool as `tools/list` shows it, as far as the rules look at it. */
export interface ShownTool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: unknown;
  readonly outputSchema?: unknown;
  readonly annotations?: Readonly<Record<string, unknown>> | undefined;
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
/** Hosts put the name of the server before it. */
const MAX_NAME = 40;
const MAX_DESCRIPTION = 600;
const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;

const schemaNode = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  $schema: z.unknown().optional(),
});

/** `graph_find_symbol` → `graph-find-symbol`, the name of its files. */
export function fileNameOf(name: string): string {
  return name.replaceAll('_', '-');
}

/** `graph_find_symbol` → `graphFindSymbol`, the name of its export. */
export function exportNameOf(name: string): string {
  return name.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

/** What agents and their hosts need of every tool. */
export function toolViolations(tool: ShownTool): string[] {
  const { description = '', title = '', annotations = {} } = tool;
  return [
    ...(NAME.test(tool.name) ? [] : ['its name has characters that hosts refuse, or is longer than 64']),
    ...(tool.name.length > MAX_NAME ? [`its name has ${tool.name.length} characters, at most ${MAX_NAME}`] : []),
    ...(title === '' ? ['it has no title'] : []),
    ...(description === '' ? ['it has no description'] : []),
    ...(description.length > MAX_DESCRIPTION
      ? [`its description has ${description.length} characters, at most ${MAX_DESCRIPTION}`]
      : []),
    ...HINTS.filter((hint) => typeof annotations[hint] !== 'boolean').map((hint) => `${hint} is not said`),
    ...(annotations['readOnlyHint'] === true && annotations['destructiveHint'] === true
      ? ['it cannot both only read and destroy']
      : []),
    ...consentViolations(tool),
    ...rootViolations('input', tool.inputSchema),
    ...rootViolations('output', tool.outputSchema),
  ].map((text) => `${tool.name}: ${text}`);
}

/** What destroys is confirmed; a tool that runs other tools leaves that to them. */
function consentViolations({ annotations, inputSchema, outputSchema }: ShownTool): string[] {
  const { properties: input = {} } = schemaNode.parse(inputSchema);
  const { properties: output = {} } = schemaNode.parse(outputSchema ?? {});
  if (annotations?.['destructiveHint'] !== true || Object.hasOwn(input, 'tool')) return [];
  return [
    ...(Object.hasOwn(input, 'planId') ? [] : ['it destroys, and takes no planId']),
    ...(Object.hasOwn(output, 'plan') ? [] : ['it destroys, and answers no plan']),
  ];
}

/** Former names must lead to one tool, and be names that hosts take. */
export function aliasViolations(tools: readonly { readonly name: string; readonly aliases: readonly string[] }[]) {
  const names = tools.flatMap(({ name, aliases }) => [name, ...aliases]);
  return tools.flatMap(({ name, aliases }) =>
    aliases.flatMap((alias) => [
      ...(NAME.test(alias) ? [] : [`${name}: its former name "${alias}" has characters that hosts refuse`]),
      ...(names.indexOf(alias) === names.lastIndexOf(alias)
        ? []
        : [`${name}: its former name "${alias}" is of another tool, too`]),
    ]),
  );
}

/** One folder of declared values: each file is in the list, and named after what it declares. */
export function listViolations(folder: {
  readonly files: readonly string[];
  readonly tests: readonly string[];
  readonly declared: readonly string[];
}): string[] {
  const expected = folder.declared.map(fileNameOf);
  return [
    ...missing(folder.files, expected).map((file) => `${file}.ts declares nothing of this name in the list`),
    ...missing(expected, folder.files).map((file) => `${file}.ts does not exist, though the list has its name`),
    ...missing(expected, folder.tests).map((file) => `${file}.test.ts does not exist`),
    ...missing(folder.tests, expected).map((file) => `${file}.test.ts tests nothing that is in the list`),
    ...expected.filter((name, index) => expected.indexOf(name) !== index).map((name) => `${name} is declared twice`),
  ];
}

function rootViolations(side: string, schema: unknown): string[] {
  const parsed = schemaNode.safeParse(schema);
  if (!parsed.success || parsed.data.type !== 'object') return [`its ${side} schema is no plain object`];
  const { anyOf, oneOf, allOf, $schema: dialect } = parsed.data;
  const isCombined = anyOf !== undefined || oneOf !== undefined || allOf !== undefined;
  return [
    ...(isCombined ? [`its ${side} schema has a union at the root`] : []),
    ...(dialect === undefined ? [] : [`its ${side} schema names a dialect, which hosts may refuse`]),
    ...fieldViolations(side, parsed.data),
  ];
}

function fieldViolations(path: string, schema: z.output<typeof schemaNode>): string[] {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => ({ at: `${path}.${name}`, field }));
  const inner = [schema.items, schema.additionalProperties, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [
    // Answers are not described on the wire: their text stands on its own.
    ...(path.startsWith('input') ? fields.flatMap(({ at, field }) => describedViolations(at, field)) : []),
    ...(isNullable(schema) ? [`${path} may be null; leave it out instead`] : []),
    ...[...fields.map(({ at, field }) => ({ at, node: field })), ...inner.map((node) => ({ at: path, node }))].flatMap(
      ({ at, node }) => {
        const parsed = schemaNode.safeParse(node);
        return parsed.success ? fieldViolations(at, parsed.data) : [];
      },
    ),
  ];
}

function describedViolations(at: string, field: unknown): string[] {
  const { description = '' } = schemaNode.catch({}).parse(field);
  return description === '' ? [`${at} is not described`] : [];
}

function isNullable(schema: z.output<typeof schemaNode>): boolean {
  const types = [schema.type].flat();
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return types.includes('null') || alternatives.some((one) => schemaNode.catch({}).parse(one).type === 'null');
}

function missing(from: readonly string[], inList: readonly string[]): string[] {
  return from.filter((name) => !inList.includes(name));
}
