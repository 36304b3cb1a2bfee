import { z } from 'zod';

/** What linters write about code, in one form. */

export const LINTERS = ['eslint', 'oxlint', 'biome'] as const;
export type LinterName = (typeof LINTERS)[number];

export interface LintEdit {
  /** Offsets in the text of the file, the end excluded. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface LintMessage {
  /** As the linter names it: absolute, or relative to where it was run; undefined for what concerns no file. */
  readonly file: string | undefined;
  /** Without the name of the linter; `syntax` for what is no rule's. */
  readonly rule: string;
  readonly line: number | undefined;
  readonly message: string;
  readonly help?: string | undefined;
  readonly isError: boolean;
  /** The file could not be read as code. */
  readonly isFatal: boolean;
  readonly fix?: LintEdit | undefined;
  readonly suggestions?: readonly { readonly title: string; readonly edit: LintEdit }[];
}

export const NO_RULE = 'syntax';

const editSchema = z
  .object({ range: z.tuple([z.number().int(), z.number().int()]), text: z.string() })
  .transform(({ range: [start, end], text }): LintEdit => ({ start, end, text }));

const eslintSchema = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({
        ruleId: z.string().nullable(),
        severity: z.number(),
        message: z.string(),
        line: z.number().optional(),
        fatal: z.boolean().optional(),
        fix: editSchema.optional(),
        suggestions: z.array(z.object({ desc: z.string(), fix: editSchema })).nullish(),
      }),
    ),
  }),
);

const oxlintSchema = z.object({
  diagnostics: z.array(
    z.object({
      message: z.string(),
      code: z.string().default(NO_RULE),
      severity: z.string(),
      help: z.string().optional(),
      filename: z.string().optional(),
      labels: z.array(z.object({ span: z.object({ line: z.number().optional() }) })).default([]),
    }),
  ),
});

const biomeSchema = z.object({
  diagnostics: z.array(
    z.object({
      severity: z.string(),
      message: z.unknown(),
      description: z.string().optional(),
      category: z.string().nullish(),
      location: z.object({ path: z.unknown(), start: z.object({ line: z.number() }).nullish() }).nullish(),
    }),
  ),
});

const READERS: Readonly<Record<LinterName, (output: unknown) => LintMessage[]>> = {
  eslint: (output) =>
    eslintSchema.parse(output).flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, severity, message, line, fatal, fix, suggestions }) => ({
        file: filePath,
        rule: ruleId ?? NO_RULE,
        line,
        message,
        isError: severity > 1,
        isFatal: fatal === true,
        fix,
        suggestions: (suggestions ?? []).map((one) => ({ title: one.desc, edit: one.fix })),
      })),
    ),
  oxlint: (output) =>
    oxlintSchema.parse(output).diagnostics.map(({ code, severity, message, help, filename, labels }) => ({
      file: filename,
      rule: code,
      line: labels[0]?.span.line,
      message,
      help,
      isError: severity === 'error',
      isFatal: code === NO_RULE,
    })),
  biome: (output) =>
    biomeSchema.parse(output).diagnostics.map(({ category, severity, message, description, location }) => ({
      file: biomeFile(location?.path),
      rule: category?.replace(/^lint\//, '') ?? NO_RULE,
      // Line 0 is that of a file as a whole.
      line: location?.start?.line || undefined,
      message: typeof message === 'string' ? message : (description ?? JSON.stringify(message)),
      isError: severity === 'error' || severity === 'fatal',
      isFatal: category === 'parse',
    })),
};

/**
 * Reads the parsed JSON of `eslint -f json`, `oxlint -f json` or `biome lint --reporter=json`. Throws (`ZodError`) for another
 * shape.
 */
export function readLintOutput(linter: LinterName, output: unknown): LintMessage[] {
  return READERS[linter](output);
}

/** A text, or `{ file }` in former versions. */
function biomeFile(path: unknown): string | undefined {
  if (typeof path === 'string') return path;
  return z.object({ file: z.string() }).safeParse(path).data?.file;
}
