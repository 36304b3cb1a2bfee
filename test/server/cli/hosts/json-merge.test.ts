import { describe, expect, it, test } from 'vitest';
import { mergeJson } from '../../../../src/server/cli/hosts/json-merge.ts';
import { refusalOf } from '../../../support/refusal-of.ts';

const ENTRY = { command: 'npx', args: ['-y', 'lightdom'] };
const SNIPPET = { servers: { lightdom: ENTRY } };
const OPTIONS = { file: '/home/ann/mcp.json', hasComments: true, replace: false };
const STRICT = { ...OPTIONS, hasComments: false };

function merge(text: string, snippet: Parameters<typeof mergeJson>[1] = SNIPPET, options = OPTIONS): string {
  return mergeJson(text, snippet, options);
}

describe('merging into a file of settings', () => {
  it('keeps comments, order, layout and commas of everything else', () => {
    const text = `// my settings
{
    "theme": "dark", // of course
    /* servers { "not": this } */
    "servers": {
        "other": { "command": "x", "args": ["// no comment", "}"] },
        // the last one
    },
    "big": 12345678901234567890, "escaped": "\\u00e9\\"",
}
`;
    expect(merge(text)).toBe(
      text.replace(
        '        // the last one\n',
        `        // the last one
        "lightdom": {
            "command": "npx",
            "args": [
                "-y",
                "lightdom"
            ]
        }
`,
      ),
    );
  });

  it('adds what holds the servers behind the last member, with its comment in its place', () => {
    expect(merge('{\n  "a": 1 // one\n}\n', { servers: { lightdom: {} } })).toBe(
      '{\n  "a": 1, // one\n  "servers": {\n    "lightdom": {}\n  }\n}\n',
    );
    expect(merge('{"a":1}', { servers: { lightdom: {} } })).toBe('{"a":1,\n  "servers": {\n    "lightdom": {}\n  }\n}');
  });

  test.each(['', ' \n', '{}', '{ }\n', '{\n}\n', '\uFEFF{}', '{"servers":{}}'])(
    'makes of %j a file that says what the snippet says',
    (text) => {
      expect(JSON.parse(merge(text).replace(/^\uFEFF/, ''))).toEqual(SNIPPET);
    },
  );

  it('keeps tabs and the ends of lines of another system', () => {
    const merged = merge('{\r\n\t"servers": {\r\n\t\t"a": {}\r\n\t}\r\n}\r\n', { servers: { lightdom: { x: 1 } } });
    expect(merged).toBe(
      '{\r\n\t"servers": {\r\n\t\t"a": {},\r\n\t\t"lightdom": {\r\n\t\t\t"x": 1\r\n\t\t}\r\n\t}\r\n}\r\n',
    );
  });

  it('changes nothing the second time', () => {
    const snippet = { inputs: [{ id: 'token', password: true }], ...SNIPPET };
    const once = merge('{\n  "inputs": [\n    { "id": "mine" }\n  ]\n}\n', snippet);
    expect(JSON.parse(once)).toEqual({ inputs: [{ id: 'mine' }, { id: 'token', password: true }], ...SNIPPET });
    expect(merge(once, snippet)).toBe(once);
  });

  it('replaces another entry of the same name only when that is asked for', () => {
    const text = '{ "servers": { "lightdom": { "command": "old" }, "z": 1 } }';
    const refusal = refusalOf(() => merge(text));
    expect(refusal).toMatchObject({
      code: 'conflict',
      message: '/home/ann/mcp.json already has another entry "lightdom".',
    });
    expect(refusal.hint).toContain('--force');
    expect(JSON.parse(merge(text, SNIPPET, { ...OPTIONS, replace: true }))).toEqual({
      servers: { lightdom: ENTRY, z: 1 },
    });
  });

  it('reads, of a name that stands twice, the last one, as the host does', () => {
    const merged = merge('{ "servers": { "a": 1 }, "servers": { "b": 2 } }');
    expect(JSON.parse(merged)).toEqual({ servers: { b: 2, lightdom: ENTRY } });
  });

  test.each([
    ['[]', 'The whole of /home/ann/mcp.json is not an object.'],
    ['{"servers": []}', '"servers" of /home/ann/mcp.json is not an object.'],
    ['{"servers": "none"}', '"servers" of /home/ann/mcp.json is not an object.'],
  ])('refuses %s, where something else is in the way', (text, message) => {
    expect(refusalOf(() => merge(text))).toMatchObject({ code: 'conflict', message });
  });

  test.each([
    ['{"a": }', 1, 7],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['{"a": 1', 1, 8],
    ['{"a": 1} x', 1, 10],
    ["{'a': 1}", 1, 2],
    ['{,}', 1, 2],
    ['{"a": 1,,}', 1, 9],
    ['{"a": "\n"}', 1, 7],
    ['/* never ends {}', 1, 1],
  ])('refuses %j with the place where it is malformed', (text, line, column) => {
    expect(refusalOf(() => merge(text))).toMatchObject({
      code: 'invalid_input',
      message: `/home/ann/mcp.json is not valid JSON at line ${line}, column ${column}.`,
    });
  });

  it('refuses comments where the host does not read them, and nesting without end', () => {
    expect(refusalOf(() => merge('{} // x', SNIPPET, STRICT)).message).toContain('line 1, column 4');
    expect(refusalOf(() => merge('{"a": 1,}', SNIPPET, STRICT)).message).toContain('line 1, column 9');
    expect(refusalOf(() => merge('['.repeat(5_000), SNIPPET)).code).toBe('invalid_input');
    expect(JSON.parse(merge('{"a": 1}', SNIPPET, STRICT))).toEqual({ a: 1, ...SNIPPET });
  });

  it('reads what is large', () => {
    const large = { history: ['x'.repeat(5_000_000)], space: 1 };
    const text = JSON.stringify(large).replace(',"space"', `,${' '.repeat(5_000_000)}"space"`);
    expect(JSON.parse(merge(text))).toEqual({ ...large, ...SNIPPET });
  });

  it('does not take the name of a prototype for a member', () => {
    expect(JSON.parse(merge('{"__proto__": {"servers": 1}}'))).toMatchObject(SNIPPET);
  });
});
