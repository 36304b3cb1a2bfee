import { describe, expect, test } from 'vitest';
import { measureFile } from '../../../src/graph/metrics/file-metrics.ts';

/** `name cognitive/cyclomatic` of each function. */
function measured(text: string, path = 'a.ts'): string[] {
  return measureFile(path, text).functions.map(
    ({ name, cognitive, cyclomatic }) => `${name} ${cognitive}/${cyclomatic}`,
  );
}

describe('the complexity of functions', () => {
  test('is that of the examples in the paper of SonarSource', () => {
    const sumOfPrimes = `function sumOfPrimes(max: number) { let total = 0;
      OUT: for (let i = 1; i <= max; ++i) { for (let j = 2; j < i; ++j) { if (i % j === 0) { continue OUT; } } total += i; }
      return total; }`;
    const getWords = `function getWords(number: number) { switch (number) {
      case 1: return 'one'; case 2: return 'a couple'; case 3: return 'a few'; default: return 'lots'; } }`;
    const myMethod = `function myMethod() { try { if (condition1) { for (let i = 0; i < 10; i++) { while (condition2) { go(); } } } }
      catch (e) { if (condition2) { go(); } } }`;
    const myMethod2 = `function myMethod2() { const r = () => { if (condition1) { go(); } }; }`;
    const lambda = `function withLambda() { run(() => { if (condition1) { go(); } }); }`;
    expect(measured([sumOfPrimes, getWords, myMethod, myMethod2, lambda].join('\n'))).toEqual([
      'sumOfPrimes 7/4',
      'getWords 1/4',
      'myMethod 9/6',
      'myMethod2 0/1',
      'r 1/2',
      'withLambda 2/2',
    ]);
  });

  test('counts sequences of operators, else branches, and recursion once', () => {
    const source = `
      function mixed() { if (a && b && c || d || e && f) go(); }
      function negated() { if (a && !(b && c)) go(); }
      function shorthand() { return a ?? b ?? c; }
      function chain() { if (a) one(); else if (b) two(); else three(); }
      function nestedElse() { if (a) { if (b) one(); else two(); } }
      function pick() { return a ? b : c ? d : e; }
      function again(n: number): number { return n < 2 ? n : again(n - 1) + again(n - 2); }
      class Tree { depth(): number { return this.left.depth() + this.depth(); } set(value = 1) { this.value ||= value; } }`;
    expect(measured(source)).toEqual([
      'mixed 4/7',
      'negated 3/4',
      'shorthand 0/3',
      'chain 3/3',
      'nestedElse 4/3',
      'pick 3/3',
      'again 2/2',
      'depth 1/1',
      'set 0/2',
    ]);
  });

  test('belongs to each function that has a name, to tests, and to callbacks of modules', () => {
    const source = `
      export default function () { return list.map((x) => (x ? 1 : 2)); }
      const Card = memo((props) => (props.wide ? 1 : 2));
      app.get('/', (request) => (request.ok ? 1 : 2));
      exports.late = function named() {};
      const api = { open: () => 1, close() {}, get size() { return 1; } };
      class Door { handle = () => 1; static { boot(); } constructor() {} #lock() {} abstract(): void; }`;
    expect(measured(source)).toEqual([
      'default 2/2',
      'Card 1/2',
      'app.get() 1/2',
      'late 0/1',
      'open 0/1',
      'close 0/1',
      'size 0/1',
      'handle 0/1',
      'constructor 0/1',
      '#lock 0/1',
    ]);
    const tests = `describe('door', () => { it('opens', () => { if (a) go(); }); it.each([1])('n %i', () => {}); });`;
    expect(measured(tests, 'door.test.ts')).toEqual(['door 0/1', 'opens 1/2', 'n %i 0/1']);
  });

  test('knows where each one is, and reads elements and JavaScript', () => {
    const text = `\nexport function Page() {\n  return <ul>{items.map((item) => item.ok && <li />)}</ul>;\n}\n`;
    expect(measureFile('page.jsx', text).functions).toEqual([
      { name: 'Page', start: 1, line: 2, lines: 3, cognitive: 1, cyclomatic: 2 },
    ]);
  });
});
