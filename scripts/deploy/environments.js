import { join } from 'node:path';
import process from 'node:process';
import envPaths from 'env-paths';

/**
 * @typedef {'staging' | 'production' | 'testing'} EnvironmentName
 *
 * @typedef {object} DeployedEnvironment
 * @property {EnvironmentName} name
 * @property {'production' | 'testing'} mode
 * @property {number} port
 * @property {readonly string[]} features keys of the configuration that are on
 * @property {string} databaseVariable names the variable with the URL of its Postgres
 * @property {boolean} isStrict whether uncommitted files and failing tests stop it
 *
 * @typedef {object} Place
 * @property {string} home releases and the log of the master
 * @property {string} dataDir
 */

/** @type {Readonly<Record<EnvironmentName, DeployedEnvironment>>} */
export const ENVIRONMENTS = {
  staging: {
    name: 'staging',
    mode: 'production',
    port: 3101,
    features: ['autoIndex'],
    databaseVariable: 'STAGING_DB_URL',
    isStrict: false,
  },
  production: {
    name: 'production',
    mode: 'production',
    port: 3001,
    features: ['autoIndex', 'autoAgent', 'autoCampaign'],
    databaseVariable: 'PRODUCTION_DB_URL',
    isStrict: true,
  },
  testing: {
    name: 'testing',
    mode: 'testing',
    port: 0,
    features: [],
    databaseVariable: 'TEST_DB_URL',
    isStrict: false,
  },
};

const SWITCHES = ['autoIndex', 'autoAgent', 'autoCampaign'];

/**
 * Production has the data folder of the user, which all commands look at by themselves; the others have their own.
 * @param {EnvironmentName} name
 * @param {string | undefined} home one folder for all of it
 * @returns {Place}
 */
export function placeOf(name, home) {
  if (home !== undefined) return { home, dataDir: join(home, 'data') };
  const base = envPaths('lightdom', { suffix: '' }).data;
  const own = join(`${base}-deployments`, name);
  const shared = process.env['LIGHTDOM_DATA_DIR'] ?? base;
  return { home: own, dataDir: name === 'production' ? shared : join(own, 'data') };
}

/**
 * The options by which every command finds the master of an environment.
 * @param {DeployedEnvironment} environment
 * @param {{ dataDir: string, workspace: string, port: number }} where
 * @returns {string[]}
 */
export function masterOptions({ mode, features }, { dataDir, workspace, port }) {
  const switches = SWITCHES.flatMap((key) => ['--set', `${key}=${features.includes(key)}`]);
  const places = ['--data-dir', dataDir, '--workspace', workspace, '--port', String(port)];
  return ['--set', `mode=${mode}`, ...switches, ...places];
}

/**
 * The variables of the master: ours, but that the database of one environment never serves another.
 * @param {DeployedEnvironment} environment
 * @returns {Record<string, string | undefined>}
 */
export function masterVariables({ name, databaseVariable }) {
  const { DATABASE_URL: shared, NODE_ENV: _mode, ...own } = process.env;
  const url = own[databaseVariable] ?? (name === 'production' ? shared : undefined);
  for (const { databaseVariable: variable } of Object.values(ENVIRONMENTS)) delete own[variable];
  return url === undefined ? own : { ...own, DATABASE_URL: url };
}
