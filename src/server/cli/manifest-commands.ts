import type { Command } from 'commander';
import { AppError } from '../../core/errors.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { renderManifest } from './reviewed-manifest.ts';
import type { ReviewedManifest } from './reviewed-manifest.ts';
import { hasRunningMaster } from './with-backend.ts';

/** `services allow` and `check`: what looks at a manifest and starts nothing. */
export function addManifestCommands(services: Command, deps: CliDeps): void {
  const allow = services
    .command('allow')
    .description("show what the workspace's manifest would run, and allow exactly this text of it")
    .addHelpText(
      'after',
      '\nAfter any change it must be allowed again. A master that runs takes it at its next start.',
    );
  addCommonOptions(allow).action(async () => {
    const session = openSession(deps, allow);
    const manifest = await requireManifest(session);
    session.output.line(`${manifest.path}\n${renderManifest(manifest)}`);
    if (!manifest.isNamed) manifest.allow();
    const text = manifest.isNamed ? 'it is named by services.startup.manifest: it needs no allowance' : 'allowed';
    const isRunning = hasRunningMaster(session);
    const when = isRunning ? '; the master that runs takes it at its next start' : '';
    session.output.result({ ...shownOf(manifest), isAllowed: true, needsRestart: isRunning }, `${text}${when}`);
  });
  const check = services
    .command('check [file]')
    .description('find every mistake of a manifest, and start nothing')
    .addHelpText('after', '\nExit code: 0 without mistakes, 2 with some, 1 when there is no manifest.');
  addCommonOptions(check).action(async (file: string | undefined) => {
    const session = openSession(deps, check);
    const manifest = await requireManifest(session, file);
    const names = manifest.services.map(({ name }) => name).join(', ');
    const allowed = manifest.isAllowed ? '' : '; it has not been allowed: lightdom services allow';
    session.output.result(shownOf(manifest), `${manifest.path} has no mistakes: ${names || 'no services'}${allowed}`);
  });
}

async function requireManifest({ deps, loaded }: CliSession, file?: string): Promise<ReviewedManifest> {
  const manifest = await deps.reviewManifest(loaded, file);
  if (manifest !== undefined) return manifest;
  throw new AppError('not_found', `There is no lightdom.services.yaml in ${loaded.config.workspace}.`, {
    hint: 'docs/services.md has an example; --workspace names another folder.',
  });
}

function shownOf({ path, isAllowed, services }: ReviewedManifest) {
  return { path, isAllowed, services };
}
