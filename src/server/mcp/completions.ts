import { UriTemplate } from '@modelcontextprotocol/server';
import { AppError } from '../../core/errors.ts';
import type { Catalog, Completers, CompletionContext } from '../../surface/index.ts';
import { didYouMean } from './input-problem.ts';

export type CompletionRef =
  | { readonly type: 'ref/prompt'; readonly name: string }
  | { readonly type: 'ref/resource'; readonly uri: string };

/** What is being typed, and where. */
export interface CompletionQuestion {
  readonly ref: CompletionRef;
  readonly argument: { readonly name: string; readonly value: string };
  /** The other arguments that are known. */
  readonly known: Readonly<Record<string, string>>;
}

export interface CompletionAnswer {
  readonly values: readonly string[];
  readonly total: number;
  readonly hasMore: boolean;
}

/** As the protocol has it. */
const MAX_VALUES = 100;
/** Longer text is not being typed. */
const MAX_VALUE_LENGTH = 2_048;

/** What of a catalog can be completed: the arguments of prompts and the variables of resource templates. */
export class Completions {
  readonly #places: ReadonlyMap<string, Place>;

  constructor({ prompts, resources }: Pick<Catalog, 'prompts' | 'resources'>) {
    const ofPrompts = prompts.map(({ name, args, complete }) => {
      return [keyOf({ type: 'ref/prompt', name }), { names: Object.keys(args.shape), complete }] as const;
    });
    const ofTemplates = resources.map(({ uri, complete = {} }) => {
      return [keyOf({ type: 'ref/resource', uri }), { names: new UriTemplate(uri).variableNames, complete }] as const;
    });
    this.#places = new Map([...ofPrompts, ...ofTemplates]);
  }

  /** Throws `not_found` for what the catalog does not have, `invalid_input` for an argument that it does not take. */
  async answer(
    { ref, argument }: CompletionQuestion,
    context: () => Promise<CompletionContext>,
  ): Promise<CompletionAnswer> {
    const place = this.#places.get(keyOf(ref));
    if (place === undefined) throw this.#unknown(ref);
    if (!place.names.includes(argument.name)) throw unknownArgument(argument.name, place.names);
    const completer = place.complete[argument.name];
    if (completer === undefined || argument.value.length > MAX_VALUE_LENGTH) return answerOf([], 0);
    const proposed = await completer(argument.value, await context());
    if ('total' in proposed) return answerOf(proposed.values, proposed.total);
    return answerOf(proposed, proposed.length);
  }

  #unknown(ref: CompletionRef): AppError {
    const known = [...this.#places.keys()].filter((key) => key.startsWith(ref.type));
    const names = known.map((key) => key.slice(ref.type.length + 1));
    const given = ref.type === 'ref/prompt' ? ref.name : ref.uri;
    const what = ref.type === 'ref/prompt' ? 'prompt named' : 'resource template';
    return new AppError('not_found', `There is no ${what} "${given.slice(0, 200)}"${didYouMean(given, names)}.`, {
      hint: names.length === 0 ? 'There are none.' : `Valid: ${names.join(', ')}.`,
    });
  }
}

interface Place {
  readonly names: readonly string[];
  readonly complete: Completers;
}

function keyOf(ref: CompletionRef): string {
  return `${ref.type} ${ref.type === 'ref/prompt' ? ref.name : ref.uri}`;
}

function answerOf(values: readonly string[], total: number): CompletionAnswer {
  const shown = values.slice(0, MAX_VALUES);
  return { values: shown, total, hasMore: total > shown.length };
}

function unknownArgument(name: string, names: readonly string[]): AppError {
  return new AppError('invalid_input', `There is no argument "${name.slice(0, 200)}"${didYouMean(name, names)}.`, {
    hint: names.length === 0 ? 'It takes none.' : `Valid: ${names.join(', ')}.`,
  });
}
