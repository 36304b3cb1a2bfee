import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { globSync } from 'tinyglobby';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * Packages of which the first answer is made. They stay whole families: of a class there must be one alone, or no error is
 * ever recognised. All others are loaded from where they are installed.
 */
const INSIDE =
  /^(?:zod|commander|env-paths|is-safe-filename|fastest-levenshtein|@modelcontextprotocol\/\w+|typescript\/unstable|pg|pg-(?!native|cloudflare)[\w-]+|pgpass|postgres-[\w-]+|split2|xtend)(?:\/|$)/;

/** What Node 21 and later say. Without it `pg` finds out whether it runs on Cloudflare by a Response, which loads an HTTP client. */
const NAVIGATOR = '{ "userAgent": "Node.js" }';

/**
 * Links programs made of compiled sources into few files of a folder below this package. What they start by its path, as a process or
 * a thread of its own, is found beside them by its name.
 * @param {Readonly<Record<string, string>>} programs paths by name
 * @param {string} folder
 * @returns {Promise<Set<string>>} names of the files that were written
 */
export async function linkPrograms(programs, folder) {
  const workers = globSync(['src/**/*-worker.js', 'src/worker-child.js'], { cwd: DIST, absolute: true });
  const bundle = await rolldown({
    input: { ...programs, ...Object.fromEntries(workers.map((file) => [basename(file, '.js'), file])) },
    platform: 'node',
    transform: { define: { navigator: NAVIGATOR } },
    external: (id) => !/^[./#]|^[A-Za-z]:/.test(id) && !INSIDE.test(id),
  });
  // Processes that run already load further files by the names that these had when they started.
  const { output } = await bundle.write({
    dir: folder,
    chunkFileNames: '[name]-[hash].js',
    entryFileNames: '[name].js',
  });
  await bundle.close();
  return new Set(output.map(({ fileName }) => fileName));
}

/** What users start, in the folder that the package names. */
export function linkProduct() {
  return linkPrograms({ lightdom: join(DIST, 'src/main.js') }, join(DIST, 'bin'));
}
