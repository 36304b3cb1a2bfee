/**
 * What Node runs beside a linter of a place, shut in as it is: a linter judges a file that is not written yet. The text
 * comes by standard input where the linter reads that; else in a mirror of the place, a temporary folder in which all
 * but the one file are links. What it answers is JSON: the text as it is at the end, and what each step wrote.
 */
export const LINTER_SCRIPT = `
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const { join } = require('node:path');
const [request, ...chunks] = process.argv.slice(1);
const { root, path, script, isMirror, steps, files } = JSON.parse(request);
const text = chunks.length === 0 ? fs.readFileSync(join(root, path), 'utf8') : Buffer.from(chunks.join(''), 'base64').toString('utf8');
const mirror = isMirror ? fs.mkdtempSync(join(fs.realpathSync(os.tmpdir()), 'lightdom-lint-')) : undefined;
try {
  if (mirror !== undefined) {
    let from = root;
    let to = mirror;
    const parts = path.split('/');
    for (const [at, part] of parts.entries()) {
      for (const name of fs.readdirSync(from)) {
        if (name !== part && name !== '.git') fs.symlinkSync(join(from, name), join(to, name));
      }
      from = join(from, part);
      to = join(to, part);
      if (at < parts.length - 1) fs.mkdirSync(to);
    }
    fs.writeFileSync(to, text);
    for (const [name, content] of Object.entries(files)) fs.writeFileSync(join(mirror, name), content);
  }
  const results = steps.map((args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      cwd: mirror ?? root,
      input: isMirror ? '' : text,
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    });
    return { exitCode: status ?? -1, stdout: stdout ?? '', stderr: stderr ?? '' };
  });
  const final = mirror === undefined ? text : fs.readFileSync(join(mirror, path), 'utf8');
  process.stdout.write(JSON.stringify({ text: final, results }));
} finally {
  if (mirror !== undefined) fs.rmSync(mirror, { recursive: true, force: true });
}
`;
