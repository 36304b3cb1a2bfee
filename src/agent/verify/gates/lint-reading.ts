import { z } from 'zod';
import { brief, UNREAD } from './gate-reading.ts';
import type { Diagnostic, GateReader } from './gate-reading.ts';
import { pathWithin } from './place-paths.ts';

interface LintMessage {
  readonly file: string | undefined;
  readonly rule: string;
  readonly isError: boolean;
  readonly message: string;
}

const eslintSchema = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(z.object({ ruleId: z.string().nullable(), severity: z.number(), message: z.string() })),
  }),
);

const oxlintSchema = z.object({
  diagnostics: z.array(
    z.object({
      message: z.string(),
      code: z.string().default('syntax'),
      severity: z.string(),
      filename: z.string().optional(),
    }),
  ),
});

const biomeSchema = z.object({
  diagnostics: z.array(
    z.object({
      severity: z.string(),
      message: z.unknown(),
      description: z.string().optional(),
      category: z.string().nullable().default(null),
      location: z.object({ path: z.unknown() }).nullish(),
    }),
  ),
});

/** `eslint -f json`. */
export const readEslint: GateReader = readerOf('eslint', '[', (json) =>
  eslintSchema.parse(json).flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, severity, message }) => ({
      file: filePath,
      rule: ruleId ?? 'syntax',
      isError: severity > 1,
      message,
    })),
  ),
);

/** `oxlint -f json`. */
export const readOxlint: GateReader = readerOf('oxlint', '{', (json) =>
  oxlintSchema.parse(json).diagnostics.map(({ code, severity, message, filename }) => ({
    file: filename,
    rule: code,
    isError: severity === 'error',
    message,
  })),
);

/** `biome lint --reporter=json`: its path is a text, or `{ file }` in former versions. */
export const readBiome: GateReader = readerOf('biome', '{', (json) =>
  biomeSchema.parse(json).diagnostics.map(({ severity, message, description, category, location }) => ({
    file: fileOf(location?.path),
    rule: category ?? 'syntax',
    isError: severity === 'error' || severity === 'fatal',
    message: typeof message === 'string' ? message : (description ?? JSON.stringify(message)),
  })),
);

function fileOf(path: unknown): string | undefined {
  if (typeof path === 'string') return path;
  const inner = z.object({ file: z.string() }).safeParse(path);
  return inner.success ? inner.data.file : undefined;
}

/** A program that fails writes something else, or nothing. */
function readerOf(name: string, opening: '[' | '{', parse: (json: unknown) => readonly LintMessage[]): GateReader {
  return ({ stdout }, place) => {
    try {
      const from = stdout.search(opening === '[' ? /^\[/m : /^\{/m);
      const to = stdout.lastIndexOf(opening === '[' ? ']' : '}');
      const messages = parse(JSON.parse(stdout.slice(Math.max(0, from), to + 1)));
      const diagnostics = messages.map(({ file, rule, isError, message }): Diagnostic => {
        const path = file === undefined ? undefined : pathWithin(place, file);
        const text = `${path ?? ''}: ${name}/${rule} ${brief(message)}`;
        return { key: text, rule: `${name}/${rule}`, path, isError, text };
      });
      return { diagnostics, passed: [], covered: [] };
    } catch {
      return UNREAD;
    }
  };
}
