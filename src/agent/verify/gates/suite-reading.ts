import { z } from 'zod';
import { brief, UNREAD } from './gate-reading.ts';
import type { Diagnostic, GateReader } from './gate-reading.ts';
import { pathWithin } from './place-paths.ts';

const suiteSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string().optional(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          fullName: z.string().optional(),
          ancestorTitles: z.array(z.string()).default([]),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

const mochaTestSchema = z.object({
  fullTitle: z.string(),
  file: z.string().nullish(),
  err: z.object({ message: z.string().optional() }).optional(),
});
const mochaSchema = z.object({ failures: z.array(mochaTestSchema), passes: z.array(mochaTestSchema) });

/** What vitest and jest write with a reporter of JSON: one test is known by its file and the titles around it. */
export const readSuites: GateReader = ({ stdout }, place) => {
  const parsed = suiteSchema.safeParse(jsonFrom(stdout, /^\{"num\w+"/m));
  if (!parsed.success) return UNREAD;
  const diagnostics: Diagnostic[] = [];
  const passed: string[] = [];
  for (const { name, status, message, assertionResults } of parsed.data.testResults) {
    const path = pathWithin(place, name);
    const failed = assertionResults.filter((one) => one.status === 'failed');
    const titled = ({ ancestorTitles, title }: (typeof failed)[number]): string =>
      [path, ...ancestorTitles, title].join(' › ');
    diagnostics.push(...failed.map((one) => failure(path, titled(one), one.failureMessages?.[0] ?? '')));
    passed.push(...assertionResults.filter((one) => one.status === 'passed').map(titled));
    if (status === 'failed' && failed.length === 0) {
      diagnostics.push(failure(path, `${path} › (the file)`, message ?? ''));
    }
  }
  return { diagnostics, passed, covered: [] };
};

/** `mocha --reporter json`. */
export const readMocha: GateReader = ({ stdout }, place) => {
  const parsed = mochaSchema.safeParse(jsonFrom(stdout, /^\{\s*"stats"/m));
  if (!parsed.success) return UNREAD;
  const pathOf = (file: string | null | undefined): string => (file ? pathWithin(place, file) : 'tests');
  const { failures, passes } = parsed.data;
  return {
    diagnostics: failures.map(({ file, fullTitle, err }) =>
      failure(pathOf(file), `${pathOf(file)} › ${fullTitle}`, err?.message ?? ''),
    ),
    passed: passes.map(({ file, fullTitle }) => `${pathOf(file)} › ${fullTitle}`),
    covered: [],
  };
};

/** A failing test; its message changes from run to run, its name does not. */
export function failure(path: string | undefined, key: string, message: string): Diagnostic {
  const said = brief(message.split('\n')[0] ?? '', 160);
  return { key, rule: 'test', path, isError: true, text: said === '' ? brief(key) : `${brief(key)}: ${said}` };
}

/** Tests write to the same stream before and after it. */
function jsonFrom(stdout: string, start: RegExp): unknown {
  const from = stdout.search(start);
  if (from < 0) return undefined;
  for (let to = stdout.length; to > from; to = stdout.lastIndexOf('}', to - 1)) {
    try {
      return JSON.parse(stdout.slice(from, to === stdout.length ? to : to + 1));
    } catch {
      if (stdout.length - to > MAX_TRAILING) return undefined;
    }
  }
  return undefined;
}

const MAX_TRAILING = 4_096;
