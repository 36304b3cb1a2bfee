import { parseArgs } from 'node:util';

export const USAGE = `npm run chaos -- runs [options]

Drills of a million operations on a database and workers of their own, while workers are killed and frozen and the
database is killed; then counts what is stored. Exits with 1 when anything is not as it should be.

  --seed <n>         what happens when; the same seed plans the same faults (default: 1)
  --seeds <n>        so many drills one after the other, from the seed on (default: 1)
  --operations <n>   of a drill (default: 1000000)
  --workers <n>      2 to 4 worker processes (default: as the seed says)
  --json             one JSON document at the end
  --help
`;

const LIMITS = {
  seed: { low: 0, high: 0xffff_ffff },
  seeds: { low: 1, high: 1_000 },
  operations: { low: 1_000, high: 100_000_000 },
  workers: { low: 2, high: 4 },
};

/**
 * Throws with a text for people when the arguments do not fit.
 * @param {string[]} args
 */
export function chaosOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      operations: { type: 'string', default: '1000000' },
      workers: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const isHelp = values.help || positionals.length === 0;
  if (!isHelp && (positionals.length > 1 || positionals[0] !== 'runs')) {
    throw new Error(`There is no chaos "${positionals.join(' ')}".\n\n${USAGE}`);
  }
  return {
    isHelp,
    isJson: values.json,
    seed: integer('seed', values.seed),
    seeds: integer('seeds', values.seeds),
    operations: integer('operations', values.operations),
    workers: values.workers === undefined ? undefined : integer('workers', values.workers),
  };
}

/**
 * @param {keyof typeof LIMITS} name
 * @param {string} text
 */
function integer(name, text) {
  const { low, high } = LIMITS[name];
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new Error(`--${name} ${text} is not an integer from ${low} to ${high}.`);
}
