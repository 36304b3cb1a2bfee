/** Every entry of the repository's root and why it has to stand there. */
export const ROOT_ENTRIES = {
  '.ci': 'what continuous integration runs',
  '.dockerignore': 'Docker reads it beside the Dockerfile',
  '.gitignore': 'git reads it here',
  '.oxfmtrc.json': 'the formatter looks for it here',
  '.oxlintrc.json': 'the linter looks for it here',
  'AGENTS.md': 'agents that work on this repository look for it here',
  'ARCHITECTURE.md': 'what the parts are and how they may depend on one another',
  'CHANGELOG.md': 'what changed for users, by release',
  Dockerfile: 'docker build looks for it here',
  LICENSE: 'npm and GitHub look for it here',
  'README.md': 'the front page',
  bench: 'measurements that can be repeated',
  docs: 'longer texts and generated reference',
  'mcp.json': 'a ready configuration for MCP hosts',
  'package-lock.json': 'npm ci needs it beside package.json',
  'package.json': 'the package',
  prompts: 'one file a prompt',
  resources: 'one file a resource',
  scripts: 'what the npm scripts run',
  'server.json': 'the entry in the MCP registry',
  src: 'the product',
  test: 'mirrors everything, with support and fixtures',
  tools: 'one file a tool',
  'tsconfig.build.json': 'what is compiled into dist',
  'tsconfig.json': 'the compiler and editors look for it here',
  'vitest.config.ts': 'the test runner looks for it here',
} as const satisfies Record<string, string>;

export const MAX_ROOT_ENTRIES = 26;

/** Made by tools, ignored by git. */
const UNTRACKED = new Set([
  '.git',
  'node_modules',
  'dist',
  'coverage',
  '.bench-linked',
  '.bench-peers',
  '.interop',
  '.deployment-log.json',
]);

export function rootViolations(entries: readonly string[]): string[] {
  const tracked = entries.filter((name) => !UNTRACKED.has(name) && !name.endsWith('.log'));
  const strangers = tracked.filter((name) => !Object.hasOwn(ROOT_ENTRIES, name));
  return [
    ...strangers.map(
      (name) => `${name}: not in test/support/root-entries.ts; put it into a folder, or add it with its reason`,
    ),
    ...(tracked.length > MAX_ROOT_ENTRIES
      ? [`${tracked.length} entries in the root, at most ${MAX_ROOT_ENTRIES}`]
      : []),
  ];
}
