import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isObjectLiteralExpression } from 'typescript/unstable/ast';
import type { Node, ObjectLiteralExpression } from 'typescript/unstable/ast';
import { TypeFlags } from 'typescript/unstable/sync';
import type { Project } from 'typescript/unstable/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeSession } from '../../../src/graph/engine/native-session.ts';

/** More than are sent at once. */
const COUNT = 150;
const NAMES = Array.from({ length: COUNT }, (_, index) => `Of${index}`);
const TEXT = NAMES.map((name) => `interface ${name} { of: 1 } export const a${name}: ${name} = { of: 1 };`).join('\n');

let root = '';
let session: NativeSession;
let project: Project;
let literals: ObjectLiteralExpression[] = [];

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-pipeline-')));
  const names = Array.from({ length: COUNT }, (_, index) => `Of${index}`);
  const lines = names.map(
    (name) => `interface ${name} { ${name}: 1 } export const a${name}: ${name} = { ${name}: 1 };`,
  );
  await writeFile(join(root, 'a.ts'), lines.join('\n'));
  session = new NativeSession({ root, environment: {}, overlay: () => undefined });
  const model = { name: 'a', basePath: root, files: [join(root, 'a.ts')], compilerOptions: { types: [] } };
  project = session.open(model, '0');
  literals = literalsOf(project.program.getSourceFile(join(root, 'a.ts')));
});
afterAll(async () => {
  await session.close();
  await rm(root, { recursive: true, force: true });
});

function literalsOf(node: Node | undefined): ObjectLiteralExpression[] {
  const found: ObjectLiteralExpression[] = [];
  const visit = (each: Node): undefined => {
    if (isObjectLiteralExpression(each)) found.push(each);
    each.forEachChild(visit);
    return undefined;
  };
  if (node !== undefined) visit(node);
  return found;
}

const wantedAt = (literal: ObjectLiteralExpression): string | undefined =>
  project.checker.getContextualType(literal)?.getSymbol()?.name;

describe('questions that are sent together', () => {
  it('have their own answers, in their order', () => {
    const types = session.pipeline.all(literals.map((literal) => () => project.checker.getContextualType(literal)));
    expect(types.map((type) => type?.getSymbol()?.name)).toEqual(NAMES);
  });

  it('may be none, or one', () => {
    expect(session.pipeline.all([])).toEqual([]);
    expect(session.pipeline.all([() => project.checker.getAnyType().flags])).toEqual([TypeFlags.Any]);
  });

  it('are asked one by one where a pipe would not hold them', async () => {
    const path = join(root, ...Array.from({ length: 12 }, () => 'x'.repeat(240)), 'a.ts');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, TEXT);
    const model = { name: 'deep', basePath: root, files: [path], compilerOptions: { types: [] } };
    const { checker, program } = session.openBeside(model, '1', []);
    const questions = literalsOf(program.getSourceFile(path)).map(
      (literal) => () => checker.getContextualType(literal),
    );
    expect(session.pipeline.all(questions).map((type) => type?.getSymbol()?.name)).toEqual(NAMES);
  });

  it('fail as the first that fails, and leave the next question its own answer', () => {
    const [first, second] = literals;
    if (first === undefined || second === undefined) throw new Error('There are no literals.');
    const { checker } = project;
    const asked = [first, undefined, second, first].map(
      (literal) => (): unknown =>
        literal === undefined ? checker.getSymbolAtPosition('/nowhere.ts', 0) : checker.getContextualType(literal),
    );
    expect(() => session.pipeline.all(asked)).toThrow(/nowhere/);
    expect([second, first].map(wantedAt)).toEqual(['Of1', 'Of0']);
  });
});
