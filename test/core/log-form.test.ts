import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const LOG = fileURLToPath(new URL('../../dist/src/core/log.js', import.meta.url));

/** What somebody at a terminal sees of one entry. */
function onTerminal(form: string): string {
  const program = `import { createLog } from '${LOG}'; createLog({ level: 'info', form: '${form}' }).info('said once');`;
  const command = `${process.execPath} --input-type=module -e "${program}"`;
  return spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', input: '' }).stdout;
}

describe.skipIf(process.platform !== 'linux')('the log on a terminal', () => {
  it('is for people when pretty, and a line of JSON each otherwise', () => {
    expect(onTerminal('pretty')).toMatch(/INFO.*said once/);
    expect(onTerminal('pretty')).not.toContain('"msg"');
    expect(onTerminal('json')).toContain('"msg":"said once"');
  });
});
