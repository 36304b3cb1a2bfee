import { visibleText } from '../../core/outside-text.ts';

/** What a manifest would run, for a person to look at. */
export interface ReviewedManifest {
  readonly path: string;
  /** By the configuration or the command line, and so trusted as these are. */
  readonly isNamed: boolean;
  readonly isAllowed: boolean;
  readonly services: readonly ReviewedService[];
  /** Records that this very text may be run. */
  allow(): void;
}

export interface ReviewedService {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** `NAME=value` as the manifest has it; secrets by their key. */
  readonly env: readonly string[];
  readonly ports: readonly string[];
  /** Commands that are run to see how it is. */
  readonly probes: readonly (readonly string[])[];
  readonly isEnabled: boolean;
}

const PLAIN_WORD = /^[\w./:@%+=,-]+$/;

/** Every word that would be run, none hidden: what a terminal would not show as it is stands in quotes. */
export function renderManifest({ services }: Pick<ReviewedManifest, 'services'>): string {
  if (services.length === 0) return 'no services';
  return services.flatMap(linesOf).join('\n');
}

function linesOf({ name, command, cwd, env, ports, probes, isEnabled }: ReviewedService): string[] {
  return [
    `${name}${isEnabled ? '' : ' (disabled)'}`,
    `  command: ${wordsOf(command)}`,
    `  folder:  ${wordsOf([cwd])}`,
    ...env.map((pair) => `  env:     ${wordsOf([pair])}`),
    ...(ports.length === 0 ? [] : [`  ports:   ${ports.join(', ')}`]),
    ...probes.map((probe) => `  probe:   ${wordsOf(probe)}`),
  ];
}

function wordsOf(words: readonly string[]): string {
  return words.map((word) => (PLAIN_WORD.test(word) ? word : visibleText(quoted(word)))).join(' ');
}

/** With escapes for all that is not plain ASCII: look-alikes and marks of direction included. */
function quoted(word: string): string {
  return JSON.stringify(word).replaceAll(
    /[^\x20-\x7e]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
