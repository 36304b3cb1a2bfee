import { z } from 'zod';

/** The registry's schema of 2025-12-11 for server.json, as far as we can meet it: closed, so that a misspelt key is seen. */
const exactVersion = z
  .string()
  .min(1)
  .max(255)
  .refine((version) => version !== 'latest' && !/^[\^~<>=]|[*|]|\.x$| - /.test(version), 'a range is no version');

const input = {
  description: z.string().optional(),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  format: z.enum(['string', 'number', 'boolean', 'filepath']).optional(),
  value: z.string().optional(),
  default: z.string().optional(),
  placeholder: z.string().optional(),
  choices: z.array(z.string()).optional(),
};

const positional = z
  .strictObject({
    type: z.literal('positional'),
    valueHint: z.string().optional(),
    isRepeated: z.boolean().optional(),
    ...input,
  })
  .refine(({ value, valueHint }) => value !== undefined || valueHint !== undefined, 'it needs a value or a hint');
const named = z.strictObject({
  type: z.literal('named'),
  name: z.string().regex(/^-/),
  isRepeated: z.boolean().optional(),
  ...input,
});
const argument = z.discriminatedUnion('type', [positional, named]);
const keyValue = z.strictObject({ name: z.string().min(1), ...input });

const remoteUrl = z.string().regex(/^(https?:\/\/[^\s]+|\{[a-zA-Z_][a-zA-Z0-9_]*\}[^\s]*)$/);
const remote = z.strictObject({
  type: z.enum(['streamable-http', 'sse']),
  url: remoteUrl,
  headers: z.array(keyValue).optional(),
});
const stdio = z.strictObject({ type: z.literal('stdio') });

const registryPackage = z.strictObject({
  registryType: z.enum(['npm', 'oci', 'mcpb']),
  registryBaseUrl: z.url().optional(),
  identifier: z.string().min(1),
  version: exactVersion.optional(),
  fileSha256: z
    .string()
    .regex(/^[a-f0-9]{64}$/)
    .optional(),
  runtimeHint: z.string().optional(),
  runtimeArguments: z.array(argument).optional(),
  packageArguments: z.array(argument).optional(),
  environmentVariables: z.array(keyValue).optional(),
  transport: z.union([stdio, remote]),
});

export const registryEntrySchema = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100).optional(),
  description: z.string().min(1).max(100),
  version: exactVersion,
  repository: z.strictObject({ url: z.url(), source: z.string(), id: z.string().optional() }).optional(),
  websiteUrl: z.url().optional(),
  packages: z.array(registryPackage).optional(),
  remotes: z.array(remote).optional(),
});
