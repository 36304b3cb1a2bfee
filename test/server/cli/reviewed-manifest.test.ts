import { expect, test } from 'vitest';
import { renderManifest } from '../../../src/server/cli/reviewed-manifest.ts';

test('a manifest that is to be allowed hides no word that would be run', () => {
  const service = {
    name: 'web',
    command: ['/bin/sh', '-c', 'true\n  folder:  /harmless', '\u001B[2Kgone', 'a\u202Eb', ''],
    cwd: '/srv/a b',
    env: ['PORT=1', 'KEY=(secret deepseek.apiKey)'],
    ports: ['127.0.0.1:80'],
    probes: [['curl', 'http://x/']],
    isEnabled: false,
  };
  expect(renderManifest({ services: [service] })).toMatchInlineSnapshot(`
    "web (disabled)
      command: /bin/sh -c "true\\n  folder:  /harmless" "\\u001b[2Kgone" "a\\u202eb" ""
      folder:  "/srv/a b"
      env:     PORT=1
      env:     "KEY=(secret deepseek.apiKey)"
      ports:   127.0.0.1:80
      probe:   curl http://x/"
  `);
});
