import { readCompiler } from './compiler-reading.ts';
import { UNREAD } from './gate-reading.ts';
import type { GateReaders } from './gate-reading.ts';
import { readBiome, readEslint, readOxlint } from './lint-reading.ts';
import { readMocha, readSuites } from './suite-reading.ts';
import { readTap } from './tap-reading.ts';

export const GATE_READERS: GateReaders = {
  tsc: readCompiler,
  eslint: readEslint,
  oxlint: readOxlint,
  biome: readBiome,
  suite_json: readSuites,
  mocha_json: readMocha,
  tap: readTap,
  exit_code: () => UNREAD,
};
