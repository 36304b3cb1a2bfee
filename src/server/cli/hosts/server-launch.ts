import type { StdioServer } from './host.ts';

const NPM_INSTALLED = /[\\/]node_modules[\\/]lightdom[\\/]/;

/**
 * The command by which a host starts the server: through npx where this program was installed by npm, else this very
 * checkout. On Windows npx is a script, which hosts can't start without a shell.
 */
export function launchOf(options: {
  readonly main: string;
  readonly platform: NodeJS.Platform;
  readonly args: readonly string[];
}): StdioServer {
  const { main, platform, args } = options;
  if (!NPM_INSTALLED.test(main)) return { command: 'node', args: [main, 'mcp', ...args] };
  const words = ['-y', 'lightdom', 'mcp', ...args];
  return platform === 'win32' ? { command: 'cmd', args: ['/c', 'npx', ...words] } : { command: 'npx', args: words };
}

/** One line for a shell of the platform. */
export function shellLine(words: readonly string[], platform: NodeJS.Platform): string {
  const quote = platform === 'win32' ? quoteForWindows : quoteForPosix;
  return words
    .map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) && !isSpecial(word, platform) ? word : quote(word)))
    .join(' ');
}

function isSpecial(word: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? word.includes('%') : word.includes('\\');
}

function quoteForPosix(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function quoteForWindows(word: string): string {
  return `"${word.replaceAll('"', '\\"')}"`;
}
