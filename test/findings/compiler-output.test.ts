import { expect, test } from 'vitest';
import { parseCompilerOutput } from '../../src/findings/sources/compiler-output.ts';

const OUTPUT = `src/a.ts(1,7): error TS2322: Type 'number' is not assignable to type 'string'.
src/b.ts(12,3): error TS2345: Argument of type 'A' is not assignable to parameter of type 'B'.
  Property 'x' is missing in type 'A'.
src/c (old).ts(2,1): error TS1005: ';' expected.
error TS18003: No inputs were found in config file.
error TS5083: Cannot read file '/w/base.json'.
src/d.ts(1,1): error TS6305: Output file '/w/lib/x.d.ts' has not been built from source file '/w/lib/x.ts'.
../other/e.ts(4,1): error TS2304: Cannot find name 'x'.
node_modules/dep/index.d.ts(4,1): error TS2304: Cannot find name 'y'.
`;

test('errors of syntax alone say that no others were looked for', () => {
  const text = "src/c.ts(2,1): error TS1005: ';' expected.\n";
  const { problems } = parseCompilerOutput(text, { root: '/w', cwd: '/w' });
  expect(problems).toEqual(['errors of syntax keep the compiler from looking for errors of types']);
});

test('the output of the compiler is read with its explanations, its syntax errors gravest', () => {
  const { found, problems } = parseCompilerOutput(OUTPUT, { root: '/w', cwd: '/w' });
  expect(found.map(({ path, line, rule, severity }) => `${severity} ${rule} ${path}:${line}`)).toEqual([
    'high ts/2322 src/a.ts:1',
    'high ts/2345 src/b.ts:12',
    'critical ts/1005 src/c (old).ts:2',
  ]);
  expect(found[1]?.message).toBe(
    "Argument of type 'A' is not assignable to parameter of type 'B'.\n  Property 'x' is missing in type 'A'.",
  );
  expect(problems).toEqual([
    "TS5083: Cannot read file '/w/base.json'.",
    'TS6305: projects that it refers to are not built: what uses them is not judged',
    'errors outside of the workspace, such as ../other/e.ts: TS2304',
    'errors outside of the workspace, such as node_modules/dep/index.d.ts: TS2304',
  ]);
});
