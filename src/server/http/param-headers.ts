import { z } from 'zod';
import type { Catalog } from '../../surface/index.ts';
import { inputSchemaOf } from '../mcp/tool-schema.ts';

/** Arguments that also travel in headers, by tool: `x-mcp-header` on a property of its input (SEP-2243). */
export type ParamHeaders = ReadonlyMap<string, readonly ParamHeader[]>;

interface ParamHeader {
  readonly property: string;
  /** In lower case, as Node gives headers. */
  readonly header: string;
}

const HEADER_MISMATCH = -32_020;

const declarationSchema = z.object({ 'x-mcp-header': z.string() });
const callSchema = z.object({
  id: z.union([z.string(), z.number()]),
  method: z.literal('tools/call'),
  params: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) }),
});
const primitiveSchema = z.union([z.string(), z.number(), z.boolean()]);

export function paramHeadersOf({ toolsets }: Catalog): ParamHeaders {
  const entries = toolsets.flatMap(({ tools }) => tools).map((tool) => [tool.name, declaredBy(tool.input)] as const);
  return new Map(entries.filter(([, headers]) => headers.length > 0));
}

function declaredBy(input: z.ZodObject): ParamHeader[] {
  return Object.entries(inputSchemaOf(input).properties ?? {}).flatMap(([property, schema]) => {
    const declared = declarationSchema.safeParse(schema);
    return declared.success ? [{ property, header: `mcp-param-${declared.data['x-mcp-header'].toLowerCase()}` }] : [];
  });
}

/**
 * The JSON-RPC error for a call whose headers do not say the same as its body, so that nothing on the way that acts by the
 * headers can be led astray. An argument that is not given needs no header.
 */
export function paramHeaderProblem(
  declared: ParamHeaders,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: unknown,
): object | undefined {
  if (declared.size === 0) return undefined;
  const call = callSchema.safeParse(body);
  if (!call.success) return undefined;
  const { id, params } = call.data;
  for (const { property, header } of declared.get(params.name) ?? []) {
    const value = primitiveSchema.safeParse(params.arguments[property]);
    if (!value.success || isSame(value.data, headers[header])) continue;
    const data = { mismatch: { header, body: property } };
    const message = `The header ${header} is missing, malformed or says other than the argument ${property}.`;
    return { jsonrpc: '2.0', id, error: { code: HEADER_MISMATCH, message, data } };
  }
  return undefined;
}

function isSame(value: string | number | boolean, header: string | readonly string[] | undefined): boolean {
  const decoded = typeof header === 'string' ? decodeHeader(header.trim()) : undefined;
  if (decoded === undefined) return false;
  return typeof value === 'number' && decoded !== '' ? Number(decoded) === value : decoded === String(value);
}

const WRAPPED = /^=\?base64\?(.*)\?=$/s;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Undefined for a wrapped value that is not canonical base64 of UTF-8. */
function decodeHeader(text: string): string | undefined {
  const wrapped = WRAPPED.exec(text)?.[1];
  if (wrapped === undefined) return text;
  if (!BASE64.test(wrapped)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(wrapped, 'base64'));
  } catch {
    return undefined;
  }
}
