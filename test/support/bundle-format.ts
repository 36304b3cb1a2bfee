import { z } from 'zod';

/** Version 0.4 of the bundle's manifest, as far as we use it; closed, as its own validation is. */
const start = z.strictObject({
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
});

const option = z.strictObject({
  type: z.enum(['string', 'number', 'boolean', 'directory', 'file']),
  title: z.string().min(1),
  description: z.string().min(1),
  required: z.boolean().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  sensitive: z.boolean().optional(),
});

export const bundleManifestSchema = z.strictObject({
  manifest_version: z.literal('0.4'),
  name: z.string(),
  display_name: z.string(),
  version: z.string(),
  description: z.string(),
  long_description: z.string(),
  author: z.strictObject({ name: z.string() }),
  license: z.string(),
  server: z.strictObject({ type: z.literal('node'), entry_point: z.string(), mcp_config: start }),
  tools: z.array(z.strictObject({ name: z.string(), description: z.string().min(1) })),
  tools_generated: z.literal(true),
  prompts: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      arguments: z.array(z.string()),
      text: z.string().min(1),
    }),
  ),
  prompts_generated: z.literal(true),
  compatibility: z.strictObject({
    platforms: z.array(z.enum(['darwin', 'win32', 'linux'])).length(1),
    runtimes: z.strictObject({ node: z.string() }),
  }),
  user_config: z.record(z.string(), option),
});
