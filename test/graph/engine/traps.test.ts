import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import { edgeLines, edgesFrom, edgesTo, nodeLines } from './edge-lines.ts';
import { extractFolder } from './extract-folder.ts';

const TRAPS = fileURLToPath(new URL('../../fixtures/traps', import.meta.url));

let columns: GraphColumns;

beforeAll(async () => {
  ({ columns } = await extractFolder(TRAPS));
});

/** One line a trap: the edge that a graph made by names alone misses, or gets wrong. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  'tsconfig path aliases': [
    'calls app/main.ts#main -> app/settings/config.ts#readConfig',
    'constructs app/main.ts#main -> app/handlers/handler.ts#Handler',
    'imports app/main.ts -> app/settings/config.ts',
  ],
  'packages of the workspace without a build': [
    'imports app/main.ts -> core/index.ts',
    'calls app/main.ts#main -> core/registry.ts#configure',
  ],
  'sub-path exports': [
    'imports app/main.ts -> core/money/index.ts',
    'imports app/main.ts -> core/text/case.ts',
    'calls app/main.ts#main -> core/text/case.ts#lower',
  ],
  'barrels with renames': [
    'constructs app/main.ts#main -> core/ledger.ts#Ledger',
    'constructs app/main.ts#main -> core/money/amount.ts#Money',
    'calls app/main.ts#main -> core/money/round.ts#roundTo',
    'references app/main.ts#main -> core/clock.ts#systemClock',
    're-exports core/index.ts -> core/ledger.ts#Ledger',
    're-exports core/index.ts -> core/money/index.ts',
    're-exports core/index.ts -> core/shapes.ts',
  ],
  'a default that is exported again': [
    're-exports core/index.ts -> core/greeting.ts#default',
    'calls app/main.ts#main -> core/greeting.ts#default',
  ],
  'an import that is exported': ['re-exports core/index.ts -> core/cycle-even.ts#parity'],
  'namespaces as exports': [
    'calls app/main.ts#main -> core/shapes.ts#totalArea',
    'constructs app/main.ts#main -> core/shapes.ts#Circle',
  ],
  'bare . and ./': [
    'imports app/util/inner.ts -> app/util/index.ts',
    'imports core/money/amount.ts -> core/money/index.ts',
    'calls core/money/amount.ts#Money.toString -> core/money/index.ts#format',
  ],
  'another name for a function': [
    'calls app/util/inner.ts#throughAlias -> app/util/inner.ts#alias',
    'value-alias app/util/inner.ts#alias -> app/util/inner.ts#helper',
  ],
  overloads: ['calls app/main.ts#main -> core/money/index.ts#format'],
  'inherited and overridden methods': [
    'calls app/main.ts#main -> app/handlers/handler.ts#BaseHandler.handle',
    'calls app/handlers/handler.ts#Handler.finish -> app/handlers/handler.ts#BaseHandler.finish',
    'overrides app/handlers/handler.ts#Handler.prepare -> app/handlers/handler.ts#BaseHandler.prepare',
    'overrides core/shapes.ts#Circle.perimeter -> core/shapes.ts#Shape.perimeter',
    'overrides core/clock.ts#TickingClock.now -> core/clock.ts#FrozenClock.now',
    'overrides core/generics.ts#MoneyRepository.text -> core/generics.ts#MemoryRepository.text',
    'extends core/clock.ts#LateClock -> core/clock.ts#TickingClock',
  ],
  'dispatch over an interface': [
    'calls core/ledger.ts#Ledger.add -> core/clock.ts#Clock.now',
    'implements core/clock.ts#FrozenClock -> core/clock.ts#Clock',
    'implements core/clock.ts#FrozenClock.now -> core/clock.ts#Clock.now',
    'implements core/generics.ts#MemoryRepository.find -> core/generics.ts#Repository.find',
    'calls core/generics.ts#firstOf -> core/generics.ts#Repository.find',
    'calls core/shapes.ts#Shape.describe -> core/shapes.ts#Shape.area',
  ],
  'members of a union': [
    'calls core/shapes.ts#areaOf -> core/shapes.ts#Circle.area',
    'calls core/shapes.ts#areaOf -> core/shapes.ts#Square.area',
  ],
  constructors: [
    'calls app/main.ts#main -> core/ledger.ts#Ledger.constructor',
    'calls core/clock.ts#LateClock.constructor -> core/clock.ts#FrozenClock.constructor',
    'constructs core/generics.ts#small -> core/generics.ts#MoneyRepository',
    'calls core/generics.ts#small -> core/generics.ts#MemoryRepository.constructor',
    'constructs core/generics.ts#MemoryRepository.empty -> core/generics.ts#MemoryRepository',
  ],
  'JSX components': [
    'renders web/page.tsx#Page.render -> web/button.tsx#Button',
    'renders web/page.tsx#Page.render -> web/button.tsx#IconButton',
    'renders web/page.tsx#Page.render -> web/button.tsx#default',
    'renders web/page.tsx#App -> web/page.tsx#Page',
    'renders web/page.tsx#App -> web/page.tsx#Memoised',
    'passes web/page.tsx#Page.render -> web/page.tsx#press',
  ],
  'dynamic imports': [
    'imports app/lazy.ts -> app/tags.ts',
    'calls app/lazy.ts#lazy -> app/tags.ts#query',
    'calls app/lazy.ts#lazy -> app/util/inner.ts#helper',
    'calls app/lazy.ts#later -> app/tags.ts#query',
    'calls app/lazy.ts#rest -> app/tags.ts#sql',
  ],
  'merged declarations': [
    'constructs core/registry.ts#configure -> core/registry.ts#Registry',
    'calls core/registry.ts#configure -> core/registry.ts#configure.defaultLevel',
    'calls core/registry.ts#Registry.register -> core/registry-extras.ts#./registry.Registry.extra',
    'type-uses core/registry.ts#strictly -> core/registry.ts#Options',
    'calls core/registry.ts#strictly -> core/registry.ts#Options.strict',
  ],
  decorators: [
    'decorates app/handlers/handler.ts#BaseHandler -> app/handlers/decorators.ts#sealed',
    'decorates app/handlers/handler.ts#BaseHandler -> app/handlers/decorators.ts#injectable',
    'decorates app/handlers/handler.ts#BaseHandler.handle -> app/handlers/decorators.ts#logged',
    'decorates app/handlers/handler.ts#Handler.label -> app/handlers/decorators.ts#logged',
    'decorates app/handlers/handler.ts#Handler.label -> app/handlers/decorators.ts#rules.required',
    'decorates app/handlers/handler.ts#Handler.prepare -> app/handlers/decorators.ts#named',
  ],
  'tagged templates': [
    'calls app/tags.ts#query -> app/tags.ts#sql',
    'calls app/tags.ts#query -> app/tags.ts#dialect.sql',
    'calls app/tags.ts#query -> app/tags.ts#dialect.raw',
  ],
  generics: [
    'calls core/generics.ts#found -> core/money/amount.ts#Money.plus',
    'calls core/generics.ts#partial -> core/generics.ts#MemoryRepository.find',
    'calls core/generics.ts#picked -> core/generics.ts#MoneyRepository.text',
    'calls core/generics.ts#mixedText -> core/generics.ts#mixin.mixed',
  ],
  'members of enums': [
    'references core/registry.ts#Registry.register -> core/registry.ts#Level.low',
    'references core/registry.ts#configure.defaultLevel -> core/registry.ts#Level.low',
    'references core/registry.ts#configure.defaultLevel -> core/registry.ts#Mode.fast',
  ],
  accessors: [
    'references core/generics.ts#MoneyRepository.text -> core/money/amount.ts#Money.euros',
    'calls core/money/amount.ts#Money.note -> core/money/amount.ts#Money.describe',
  ],
  'nested namespaces': ['calls core/shapes.ts#units.small.tiny -> core/shapes.ts#units.toMillimetres'],
  'optional chains': [
    'calls core/shapes.ts#Shape.describe -> core/shapes.ts#Shape.perimeter',
    'calls core/shapes.ts#largest -> core/shapes.ts#Measured.area',
    'calls core/generics.ts#firstOf -> core/generics.ts#Repository.all',
  ],
  'names in brackets': [
    'calls core/shapes.ts#largest -> core/shapes.ts#Blob.area',
    'calls app/settings/config.ts#load -> app/settings/config.ts#defaults.make',
    'type-uses core/registry.ts#strictly -> core/registry.ts#Options.strict',
  ],
  'shorthand properties': [
    'references app/shorthand.ts#tools.helper -> app/util/inner.ts#helper',
    'calls app/shorthand.ts#useTools -> app/shorthand.ts#tools.helper',
  ],
  destructuring: [
    'references core/shapes.ts#nameOf -> core/shapes.ts#Shape.describe',
    'references app/shorthand.ts#useTools -> app/shorthand.ts#tools.read',
  ],
  'functions as values': ['passes app/shorthand.ts#legacyNames -> app/util/inner.ts#helper'],
  'types that are imported': [
    'imports app/main.ts -> core/clock.ts#Clock',
    'type-uses app/main.ts#main -> core/clock.ts#Clock',
    'type-uses app/lazy.ts#rest -> app/settings/config.ts#Config',
    'imports app/lazy.ts -> app/settings/config.ts',
  ],
  'circular imports': [
    'calls core/cycle-even.ts#isEven -> core/cycle-odd.ts#isOdd',
    'calls core/cycle-odd.ts#isOdd -> core/cycle-even.ts#isEven',
    'calls app/main.ts#main -> core/cycle-even.ts#parity.isEven',
  ],
  'ambient modules': [
    'calls core/meter.ts#meterText -> core/untyped.d.ts#untyped-meter.measure',
    'calls core/meter.ts#meterText -> core/untyped.d.ts#untyped-meter.Meter.read',
    'calls core/meter.ts#meterText -> core/untyped.d.ts#hostNow',
  ],
  CommonJS: [
    'imports legacy/index.js -> legacy/store.js',
    'imports legacy/index.js -> legacy/store.js#open',
    'exports legacy/index.js -> legacy/index.js#start',
    'exports legacy/store.js -> legacy/store.js#open',
    'exports legacy/store.js -> legacy/store.js#close',
    'calls legacy/store.js#open -> legacy/store.js#normalise',
    'constructs legacy/index.js#start -> legacy/model.js#default',
    'calls legacy/index.js#start -> legacy/model.js#default.constructor',
    'calls legacy/index.js#start -> legacy/model.js#default.save',
    'calls legacy/index.js#start -> legacy/store.js#close',
    'calls legacy/model.js#default.save -> legacy/store.js#open',
  ],
  'scripts from TypeScript': [
    'calls app/legacy-use.ts#opened -> legacy/store.js#open',
    'calls app/legacy-use.ts#first -> legacy/index.js#start',
  ],
};

describe('the graph of the trap repository', () => {
  test.each(Object.entries(EDGES))('has the edges of %s', (_trap, expected) => {
    expect(edgeLines(columns)).toEqual(expect.arrayContaining([...expected]));
  });

  test('does not take methods of the language for the ones of the same name in the project', () => {
    expect(edgesFrom(columns, 'core/collections.ts#visitAll', 'calls')).toEqual([
      'calls core/collections.ts#Bag.forEach',
      'calls core/collections.ts#Bag.get',
      'calls core/collections.ts#Bag.map',
      'calls core/collections.ts#forEach',
    ]);
    expect(edgesFrom(columns, 'core/collections.ts#Bag.forEach', 'calls')).toEqual([]);
    expect(edgesFrom(columns, 'core/collections.ts#Bag.get', 'calls')).toEqual([]);
    expect(edgesTo(columns, 'core/untyped.d.ts#Number', 'calls', 'references')).toEqual([]);
    expect(edgesTo(columns, 'core/collections.ts#forEach', 'calls')).toEqual(['calls core/collections.ts#visitAll']);
  });

  test('does not call an implementation where the interface is called', () => {
    expect(edgesTo(columns, 'core/clock.ts#TickingClock.now', 'calls')).toEqual([]);
    expect(edgesTo(columns, 'core/shapes.ts#Circle.area', 'calls')).toEqual(['calls core/shapes.ts#areaOf']);
  });

  test('keeps members of one name in two parameters apart', () => {
    const names = nodeLines(columns).filter((line) => line === 'method core/generics.ts#both.run');
    expect(names).toHaveLength(2);
    expect(new Set(columns.nodes.id).size).toBe(columns.nodes.count);
  });

  test('leads from tests to what they use, but not to their own support', () => {
    expect(edgeLines(columns, 'tests')).toEqual([
      'tests app/test/main.test.ts#main -> app/handlers/handler.ts#Handler',
      'tests app/test/main.test.ts#main.formats the total -> app/main.ts#main',
      "tests app/test/main.test.ts#main.handler.is ${'made'} -> app/handlers/handler.ts#BaseHandler.handle",
      'tests app/test/main.test.ts#main.helps %i times -> app/util/inner.ts#helper',
      'tests legacy/test/store.test.js#opens -> legacy/index.js#start',
      'tests legacy/test/store.test.js#opens -> legacy/model.js#default.save',
      'tests legacy/test/store.test.js#opens -> legacy/store.js#open',
    ]);
  });

  test('knows functions, classes and made values that render as components', () => {
    expect(nodeLines(columns).filter((line) => line.startsWith('component '))).toEqual([
      'component web/button.tsx#Button',
      'component web/button.tsx#IconButton',
      'component web/button.tsx#default',
      'component web/page.tsx#Page',
      'component web/page.tsx#Memoised',
      'component web/page.tsx#App',
    ]);
  });

  test('names what could not be resolved', () => {
    expect(columns.unresolvedPackages).toEqual(['@jest/globals']);
    expect(columns.warnings).toEqual([]);
    expect(columns.files.map(({ state }) => state)).toEqual(columns.files.map(() => 'typed'));
  });
});
