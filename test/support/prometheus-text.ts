/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Scrape {
  /** Names of all metrics by their type: `counter`, `gauge`, `histogram`, `summary`. */
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

/** Reads the text exposition format. Throws for a line that is none of it. */
export function readScrape(text: string): Scrape {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.');
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, kind, about = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'TYPE') types.set(about, rest);
    else if (kind === 'HELP') helps.set(about, rest);
    else samples.push(sampleOf(line));
  }
  return { types, helps, samples };
}

function sampleOf(line: string): Sample {
  const [, name, list = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined) throw new Error(`This is no sample: ${line}`);
  const labels = Object.fromEntries(
    [...list.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [label, text]),
  );
  return { name, labels, value: value === '+Inf' ? Infinity : Number(value) };
}

/** The sum of the samples with these labels; undefined when there is none. */
export function sumOf({ samples }: Scrape, name: string, labels: Readonly<Record<string, string>> = {}) {
  const meant = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  return meant.length === 0 ? undefined : meant.reduce((sum, { value }) => sum + value, 0);
}
