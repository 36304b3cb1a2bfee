import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ts } from 'ts-morph';
import { compiler } from './syntax-tree.ts';

/** Whether the compiler, with the options of the nearest tsconfig.json, makes the same JavaScript of two texts of a file. */
export async function sameJavaScript(
  root: string,
  { path, before, after }: { readonly path: string; readonly before: string; readonly after: string },
): Promise<boolean> {
  const compilerOptions = optionsFor(root, path);
  if (compilerOptions === undefined) return false;
  const outputOf = (text: string): string =>
    compiler().transpileModule(text, { fileName: path, compilerOptions }).outputText;
  return outputOf(before) === outputOf(after);
}

/** Those that decide which imports are kept; undefined where the configuration can't be read. */
function optionsFor(root: string, path: string): ts.CompilerOptions | undefined {
  const ts = compiler();
  const { ESNext } = ts.ScriptTarget;
  const shape = { target: ESNext, module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.Preserve, removeComments: true };
  const config = configFor(root, path);
  if (config === undefined) return undefined;
  const read: { readonly config?: unknown; readonly error?: unknown } = ts.readConfigFile(config, (file) =>
    readFileSync(file, 'utf8'),
  );
  if (read.error !== undefined) return undefined;
  // Its files are not asked for: only its options are wanted.
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options, errors } = ts.parseJsonConfigFileContent(read.config, host, dirname(config));
  // Without files there is an error of that, 18002 or 18003.
  if (errors.some(({ code }) => code !== 18_002 && code !== 18_003)) return undefined;
  const { verbatimModuleSyntax, experimentalDecorators, emitDecoratorMetadata } = options;
  return {
    ...shape,
    ...(verbatimModuleSyntax !== undefined && { verbatimModuleSyntax }),
    ...(experimentalDecorators !== undefined && { experimentalDecorators }),
    ...(emitDecoratorMetadata !== undefined && { emitDecoratorMetadata }),
  };
}

function configFor(root: string, path: string): string | undefined {
  for (let folder = dirname(join(root, path)); folder.startsWith(root); folder = dirname(folder)) {
    const config = join(folder, 'tsconfig.json');
    if (existsSync(config)) return config;
  }
  return undefined;
}
