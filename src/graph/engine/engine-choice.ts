import { AppError, messageOf } from '../../core/errors.ts';
import type { EngineChoice } from '../graph-schema.ts';
import type { TypeSource, WorkspaceModel } from '../type-source.ts';
import { NativeSource } from './native-source.ts';
import type { NativeSourceOptions } from './native-projects.ts';

export interface OpenedEngine {
  readonly source: TypeSource;
  /** Why it is not the one that would have been taken first. */
  readonly warning?: string;
}

/**
 * Opens a workspace with the engine asked for. `auto` falls back to ts-morph where the native compiler does not run or
 * is not the version that this was written for. Throws `unsupported` when it was asked for by name.
 */
export async function openEngine(
  choice: EngineChoice,
  workspace: WorkspaceModel,
  options: NativeSourceOptions,
): Promise<OpenedEngine> {
  if (choice === 'oxc') return { source: await openSyntax(workspace) };
  if (choice === 'ts-morph') return { source: await openReference(workspace) };
  const native = new NativeSource(options);
  try {
    native.open(workspace);
    return { source: native };
  } catch (error) {
    await native.close();
    const reason = messageOf(error);
    if (choice === 'ts7') {
      throw new AppError('unsupported', `The native TypeScript compiler can't be used: ${reason}`, {
        hint: 'Index with the engine ts-morph, or with auto, which falls back to it.',
        cause: error,
      });
    }
    const warning = `the native TypeScript compiler can't be used, so types are resolved more slowly: ${reason}`;
    return { source: await openReference(workspace), warning };
  }
}

/** Loaded only where it is needed, and where its parser has been built for the machine. */
async function openSyntax(workspace: WorkspaceModel): Promise<TypeSource> {
  try {
    const { SyntaxSource } = await import('./syntax/syntax-source.ts');
    const source = new SyntaxSource();
    source.open(workspace);
    return source;
  } catch (error) {
    throw new AppError('unsupported', `The parser of the oxc engine can't be used: ${messageOf(error)}`, {
      hint: 'Index with the engine auto, which resolves types.',
      cause: error,
    });
  }
}

/** Loaded only where it is needed: it takes a third of a second. */
async function openReference(workspace: WorkspaceModel): Promise<TypeSource> {
  const { TsMorphSource } = await import('./ts-morph-source.ts');
  const source = new TsMorphSource();
  source.open(workspace);
  return source;
}
