import { describeConfig, loadConfig } from '../../dist/src/core/config/index.js';

/**
 * What keys of the configuration mean, as their schema says it.
 * @returns {(key: string) => string} throws for a key that there is not
 */
export function keyDescriptions() {
  const rows = new Map(describeConfig(loadConfig({ env: {} })).map(({ key, description }) => [key, description]));
  return (key) => {
    const description = rows.get(key);
    if (description === undefined) throw new Error(`There is no configuration key ${key}.`);
    return description;
  };
}
