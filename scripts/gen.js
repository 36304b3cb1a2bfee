#!/usr/bin/env node
/**
 * Writes what is generated from the built product, reference pages and the pins of tools: `npm run gen`.
 * With `--check` it writes nothing, and fails naming each file that differs.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { catalog } from '../dist/src/catalog.js';
import { renderConfigReference, renderModeReference } from '../dist/src/core/config/index.js';
import { ERROR_TABLE } from '../dist/src/core/errors.js';
import { configurationPage } from './gen/configuration-page.js';
import { errorsPage } from './gen/errors-page.js';
import { openApiJson } from './gen/openapi-json.js';
import { packageManifest } from './gen/package-manifest.js';
import { toolPins } from './gen/pins.js';
import { serverJson } from './gen/server-json.js';
import { toolsPage } from './gen/tools-page.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PINS = 'test/pins';
const isCheck = process.argv.includes('--check');

const pins = await toolPins(catalog);
const files = [
  { path: 'docs/tools.md', text: toolsPage(catalog) },
  { path: 'docs/configuration.md', text: configurationPage(renderConfigReference(), renderModeReference()) },
  { path: 'docs/errors.md', text: errorsPage(ERROR_TABLE) },
  { path: 'docs/openapi.json', text: openApiJson(catalog, packageManifest()) },
  { path: 'server.json', text: serverJson(packageManifest()) },
  ...pins,
];
const leftOvers = existingPins().filter((path) => !pins.some((pin) => pin.path === path));

for (const { path, text } of files) {
  const generated = `${text.trimEnd()}\n`;
  if (isCheck) compare(path, generated);
  else write(path, generated);
}
for (const path of leftOvers) {
  if (isCheck) complain(`${path}: there is no such tool any more.`);
  else rmSync(join(ROOT, path));
}

/**
 * @param {string} path
 * @param {string} text
 */
function compare(path, text) {
  const line = firstDifference(readIfThere(path), text);
  if (line > 0) complain(`${path}:${line}: differs from the code.`);
}

/** @param {string} problem */
function complain(problem) {
  console.error(`${problem} Run "npm run gen" and commit the result.`);
  process.exitCode = 1;
}

/**
 * @param {string} path
 * @param {string} text
 */
function write(path, text) {
  if (readIfThere(path) === text) return;
  const file = join(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote ${path}`);
}

function existingPins() {
  mkdirSync(join(ROOT, PINS), { recursive: true });
  return readdirSync(join(ROOT, PINS)).map((name) => `${PINS}/${name}`);
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(join(ROOT, path), 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return '';
  }
}

/**
 * The first line (from 1) at which two texts differ; 0 when they do not.
 * @param {string} actual
 * @param {string} expected
 */
function firstDifference(actual, expected) {
  if (actual === expected) return 0;
  const lines = actual.split('\n');
  const differing = expected.split('\n').findIndex((line, index) => line !== lines[index]);
  return differing < 0 ? lines.length : differing + 1;
}
