/** Why a path is not for a patch, and what it is in words. */
export interface PathProtection {
  readonly rule: 'test' | 'snapshot' | 'ci' | 'lockfile' | 'config' | 'git' | 'secret_file' | 'installed' | 'outside';
  readonly what: string;
}

interface PathRule extends PathProtection {
  readonly pattern: RegExp;
}

const TOOLS =
  'tsconfig|jsconfig|eslint|biome|oxlint|oxfmt|prettier|stylelint|vitest|vite|jest|playwright|cypress|karma|webpack|rollup|rolldown|babel|swc|esbuild|tsup|tsdown|next|nuxt|svelte|astro|remix|metro|postcss|tailwind|commitlint|lint-staged|renovate|release|changeset|knip|wrangler|drizzle|nx|turbo|lerna|rush|nodemon|typedoc|stryker|nyc|c8|mocharc|ava|tap|wallaby';

/** Asked in this order of the path in small letters: file systems that ignore case lead to the same file. */
const RULES: readonly PathRule[] = [
  {
    rule: 'ci',
    what: 'belongs to continuous integration',
    pattern:
      /(?:^|\/)(?:\.github|\.gitlab|\.circleci|\.buildkite|\.woodpecker|\.teamcity|\.azure-pipelines|\.ci)\/|(?:^|\/)(?:\.gitlab-ci[^/]*|azure-pipelines[^/]*|jenkinsfile[^/]*|bitbucket-pipelines\.ya?ml|\.travis\.ya?ml|\.drone\.ya?ml|appveyor\.ya?ml|cloudbuild\.ya?ml|\.cirrus\.ya?ml|codeowners|codecov\.ya?ml|dangerfile[^/]*|sonar-project\.properties|netlify\.toml|vercel\.json)$/,
  },
  { rule: 'git', what: 'belongs to git', pattern: /(?:^|\/)\.git(?:\/|$)|(?:^|\/)\.git[^/]*$/ },
  {
    rule: 'git',
    what: 'is a hook of git',
    pattern: /(?:^|\/)(?:\.husky|\.githooks|\.lefthook)(?:\/|$)|(?:^|\/)\.?lefthook(?:-local)?\.ya?ml$/,
  },
  {
    rule: 'installed',
    what: 'is installed, not written',
    pattern: /(?:^|\/)(?:node_modules|\.pnp\.[cm]?js|\.yarn)(?:\/|$)/,
  },
  {
    rule: 'lockfile',
    what: 'is a lockfile',
    pattern:
      /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|shrinkwrap\.yaml)$/,
  },
  {
    rule: 'snapshot',
    what: 'is a snapshot of tests',
    pattern: /(?:^|\/)__(?:image_)?snapshots__\/|\.snap(?:shot)?$|\.(?:approved|golden)\.[^/]*$/,
  },
  {
    rule: 'test',
    what: 'belongs to the tests',
    pattern:
      /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|specs?|e2e|cypress|fixtures?|testdata|test-utils?)\/|(?:[._](?:tests?|specs?|e2e|cy|bench|test-d|spec-d))\.[cm]?[jt]sx?$|(?:^|\/)(?:tests?|specs?|setup-?tests?|(?:jest|vitest|test|tests)[.-]?(?:setup|globals?))\.[cm]?[jt]sx?$/,
  },
  {
    rule: 'secret_file',
    what: 'may hold secrets',
    pattern:
      /(?:^|\/)(?:\.env(?:[.-][^/]*)?|\.envrc|\.netrc|\.npmrc|\.yarnrc[^/]*|\.pnpmrc|[^/]*\.(?:pem|key|p12|pfx|keystore))$/,
  },
  {
    rule: 'config',
    what: 'configures tools',
    pattern: new RegExp(
      `(?:^|/)(?:(?:${TOOLS})(?:[.-][^/]*)?\\.(?:jsonc?|json5|ya?ml|toml)|\\.?(?:${TOOLS})[.-](?:config|conf|preset|workspace|projects|setup)(?:[.-][^/]*)?\\.[cm]?[jt]s|(?:gulpfile|gruntfile)[^/]*|\\.[^/]*rc(?:\\.[^/]+)?|\\.[^/]*ignore|\\.editorconfig|\\.nvmrc|\\.node-version|\\.tool-versions|\\.browserslistrc|pnpm-workspace\\.yaml|deno\\.jsonc?|bunfig\\.toml|makefile|justfile|taskfile\\.ya?ml|procfile)$`,
    ),
  },
  {
    rule: 'config',
    what: 'configures tools',
    pattern: /^(?:(?:packages|apps|libs|services)\/[^/]+\/)?[^/]+\.config\.[cm]?[jt]sx?$/,
  },
  {
    rule: 'config',
    what: 'says how the software is run',
    pattern: /(?:^|\/)(?:dockerfile[^/]*|[^/]*\.dockerfile|(?:docker-)?compose[^/]*\.ya?ml|\.devcontainer(?:\/.*)?)$/,
  },
  {
    rule: 'config',
    what: 'instructs editors or agents',
    pattern:
      /(?:^|\/)(?:\.vscode|\.idea|\.cursor|\.claude|\.codex|\.zed)\/|(?:^|\/)(?:agents|claude|gemini|copilot-instructions)(?:\.local)?\.md$|(?:^|\/)(?:\.?mcp\.json|\.cursorrules|\.windsurfrules)$/,
  },
];

/** Names of tools are names of modules, too: deep in the sources only files whose name says `config` configure. */
const MODULE_OF_SOURCES = /(?:^|\/)(?:src|lib|app|source)\/(?:.*\/)?[^/]+\.[cm]?[jt]sx?$/;

/** What keeps a path out of patches, wherever the workspace is; undefined for ordinary files. */
export function protectionOf(path: string): PathProtection | undefined {
  if (isOutside(path)) return { rule: 'outside', what: 'is no plain path within the workspace' };
  const small = path.toLowerCase().normalize('NFKC');
  const found = RULES.find(({ rule, pattern }) => pattern.test(small) && !(rule === 'config' && isModule(small)));
  return found === undefined ? undefined : { rule: found.rule, what: found.what };
}

function isModule(path: string): boolean {
  return MODULE_OF_SOURCES.test(path) && !/[.-](?:config|conf|preset|workspace|projects|setup|rc)\.[^/]+$/.test(path);
}

function isOutside(path: string): boolean {
  const parts = path.split('/');
  if (/[\0\\]|^[a-z]:|[. ]$/i.test(path)) return true;
  return parts.some((part) => part === '' || part === '.' || part === '..' || part.endsWith(' '));
}
