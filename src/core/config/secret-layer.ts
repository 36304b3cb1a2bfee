import { emptyLayer, setValue } from './config-layer.ts';
import type { ConfigLayer } from './config-layer.ts';
import type { ConfigProblem } from './config-problem.ts';
import { readSecretFile, secretFileOf } from './secret-file.ts';
import { findSecretKey, noSecret, secretHint } from './secret-keys.ts';

/** The secret store of a data folder as a source of configuration: secrets, and nothing but secrets. */
export function readSecretLayer(dataDir: string, problems: ConfigProblem[]): ConfigLayer {
  const path = secretFileOf(dataDir);
  const origin = `secret store ${path}`;
  const layer = emptyLayer();
  for (const [name, value] of Object.entries(readSecretFile(path))) {
    const key = findSecretKey(name);
    const rules = { originOf: () => origin, baseFolder: dataDir, fromText: false };
    if (key !== undefined) setValue(layer, { key, value, rules }, problems);
    else problems.push({ key: name, origin, text: `${noSecret(name)} (From ${origin}.) ${secretHint(name)}` });
  }
  return layer;
}
