import { test } from 'vitest';
import { Project } from 'ts-morph';
const R = '/work/main/test/fixtures/traps/packages/';
test('probe', () => {
  const project = new Project({ compilerOptions: { allowJs: true, moduleResolution: 100, module: 99, target: 99, strict: true, lib: ['lib.es2022.d.ts'] }, skipAddingFilesFromTsConfig: true });
  project.addSourceFilesAtPaths([`${R}legacy/**/*.{js,mjs}`, `${R}core/src/**/*.ts`, `${R}app/src/**/*.ts`]);
  const ls = project.getLanguageService().compilerObject;
  const at = (path: string, text: string, delta = 0) => {
    const file = ls.getProgram()!.getSourceFile(R + path)!;
    const pos = file.text.indexOf(text) + delta;
    console.log(path, text, 'DEF', (ls.getDefinitionAtPosition(R + path, pos) ?? []).map((d) => `${d.fileName.slice(R.length)}@${d.textSpan.start} ${d.kind} ${d.name}`));
    console.log('   REF', (ls.findReferences(R + path, pos) ?? []).map((g) => `[${g.definition.fileName.slice(R.length)}@${g.definition.textSpan.start}] ` + g.references.map((d) => `${d.fileName.slice(R.length)}@${d.textSpan.start}`).join(' ')));
  };
  at('legacy/src/index.js', 'open(name)');
  at('legacy/src/index.js', 'shut(open');
  at('legacy/src/store.js', 'open = ');
  at('legacy/src/store.js', 'close(handle');
  at('legacy/src/numbers.mjs', 'twice');
  at('core/src/shapes.ts', 'shape.area();', 6);
  at('core/src/shapes.ts', 'area(): number {\n    return this.radius', 0);
  at('app/src/handlers/handler.ts', `handle('one')`, 0);
  at('app/src/handlers/handler.ts', `handle(text: string): string }`, 0);
});
