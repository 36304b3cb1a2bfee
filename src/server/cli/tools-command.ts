import type { Command } from 'commander';
import { addCommonOptions, addPolicyOptions, openSession } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';

/** Enough to compare by eye; `--json` has all of it. */
const SHOWN_DIGITS = 12;

export function toolsCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('tools')
    .description(
      'the tools: what each does to the world, whether agents have it listed, and a digest of what they are told',
    );
  addPolicyOptions(addCommonOptions(command)).action(async () => {
    const session = openSession(deps, command);
    const { createToolPolicy, isListed, denialOf } = await import('../dispatch/tool-policy.ts');
    const { toolDigests } = await import('../mcp/tool-digests.ts');
    const policy = createToolPolicy(deps.catalog, session.loaded.config.mcp);
    const digests = toolDigests(deps.catalog);
    const tools = deps.catalog.toolsets.flatMap(({ toolset, tools: own }) =>
      own.map((tool) => ({
        name: tool.name,
        toolset: toolset.id,
        effect: tool.effect,
        isListed: isListed(policy, tool),
        isAllowed: denialOf(policy, tool) === undefined,
        sha256: digests.tools[tool.name] ?? '',
      })),
    );
    const lines = tools.map(({ name, toolset, effect, isListed: listed, isAllowed, sha256 }) => {
      const place = isAllowed ? (listed ? 'listed' : 'by name') : 'denied';
      return `${name.padEnd(20)} ${toolset.padEnd(11)} ${effect.padEnd(8)} ${place.padEnd(8)} ${sha256.slice(0, SHOWN_DIGITS)}`;
    });
    session.output.result({ sha256: digests.all, tools }, [...lines, `all ${digests.all}`].join('\n'));
  });
}
