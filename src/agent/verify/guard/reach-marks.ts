import { childOf, childrenOf, identifierName, literalText, memberName, unwrapped } from './source-syntax.ts';
import type { SyntaxNode, SyntaxPlace } from './source-syntax.ts';

/** A way out of the program: to the network, to other programs, to code that is made at run time. */
export interface ReachMark {
  readonly key: string;
  readonly what: string;
}

const NETWORK =
  'http https http2 net tls dgram dns dns/promises quic undici axios got node-fetch cross-fetch ky superagent needle request ws socket.io-client nodemailer';
const PROGRAMS =
  'child_process worker_threads cluster execa cross-spawn shelljs zx tinyexec nano-spawn node-pty simple-git';
const CODE = 'vm vm2 repl inspector inspector/promises module wasi isolated-vm v8 ffi-napi koffi';

const MODULES = new Map([
  ...namesOf(NETWORK, 'the network'),
  ...namesOf(PROGRAMS, 'other programs'),
  ...namesOf(CODE, 'code made at run time'),
]);
const GLOBALS = new Map([
  ...namesOf('fetch XMLHttpRequest WebSocket EventSource WebTransport', 'the network'),
  ...namesOf('eval importScripts', 'code made at run time'),
]);
const GLOBAL_OBJECTS = new Set(['globalThis', 'window', 'self', 'global']);

/** What the node reaches, if anything. Types reach nothing: they are gone when the program runs. */
export function reachMark(place: SyntaxPlace): ReachMark | undefined {
  return moduleMark(place.node) ?? nameMark(place) ?? memberMark(place.node) ?? callMark(place.node);
}

function namesOf(names: string, reached: string): (readonly [string, string])[] {
  return names.split(' ').map((name) => [name, reached] as const);
}

function moduleMark(node: SyntaxNode): ReachMark | undefined {
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return undefined;
  const source = moduleOf(node);
  if (source === undefined) return undefined;
  const name = literalText(source);
  if (name === undefined) {
    return { key: 'dynamic', what: 'a module whose name is made at run time' };
  }
  const bare = name.replace(/^node:/, '');
  const reached = MODULES.get(bare) ?? (/^(?:data|https?|blob):/.test(name) ? 'code made at run time' : undefined);
  return reached === undefined ? undefined : { key: bare, what: `\`${name.slice(0, 80)}\`, which reaches ${reached},` };
}

/** What names the module in `import`, `export … from`, `import()`, `require()`, `import x = require()`. */
function moduleOf(node: SyntaxNode): SyntaxNode | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return childOf(node, 'source');
    case 'TSExternalModuleReference':
      return childOf(node, 'expression');
    case 'CallExpression':
      return isLoader(unwrapped(childOf(node, 'callee'))) ? childrenOf(node, 'arguments')[0] : undefined;
    default:
      return undefined;
  }
}

/** `require`, `module.require`, `process.getBuiltinModule`, `process.binding`. */
function isLoader(callee: SyntaxNode | undefined): boolean {
  if (identifierName(callee) === 'require') return true;
  if (callee?.type !== 'MemberExpression') return false;
  const object = identifierName(unwrapped(childOf(callee, 'object')));
  const name = memberName(callee);
  if (object === 'module') return name === 'require';
  return object === 'process' && (name === 'getBuiltinModule' || name === 'binding' || name === 'dlopen');
}

/** A name of the world, wherever its value is used: also to give it another name. */
function nameMark({ node, field, parent }: SyntaxPlace): ReachMark | undefined {
  const name = identifierName(node);
  const reached = name === undefined ? undefined : GLOBALS.get(name);
  if (reached === undefined || parent === undefined) return undefined;
  const isLabel = (field === 'property' || field === 'key') && parent.node['computed'] !== true;
  const isValueOfKey = field === 'key' && parent.node['shorthand'] === true;
  if ((isLabel && !isValueOfKey) || parent.node.type.startsWith('TS')) return undefined;
  return { key: `global|${name}`, what: `\`${name}\`, which reaches ${reached},` };
}

/** `globalThis.fetch`, `window['eval']`, `navigator.sendBeacon`. */
function memberMark(node: SyntaxNode): ReachMark | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const name = memberName(node);
  if (name === 'sendBeacon') return { key: 'sendBeacon', what: '`sendBeacon`, which reaches the network,' };
  if (!GLOBAL_OBJECTS.has(identifierName(unwrapped(childOf(node, 'object'))) ?? '')) return undefined;
  const reached = name === 'Function' ? 'code made at run time' : GLOBALS.get(name ?? '');
  if (reached !== undefined) return { key: `global|${name}`, what: `\`${name}\`, which reaches ${reached},` };
  const isComputed = node['computed'] === true && name === undefined;
  return isComputed ? { key: 'global|computed', what: 'a global whose name is made at run time' } : undefined;
}

/** `Function('…')`, a constructor called with text, `f.constructor('…')`, `setTimeout('…')`. */
function callMark(node: SyntaxNode): ReachMark | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const callee = unwrapped(childOf(node, 'callee'));
  const name = identifierName(callee);
  const isCalled = node.type === 'CallExpression' && callee?.type === 'MemberExpression';
  const isMade = name === 'Function' || (isCalled && memberName(callee) === 'constructor');
  const isLate = name === 'setTimeout' || name === 'setInterval';
  const isText = isLate && literalText(childrenOf(node, 'arguments')[0]) !== undefined;
  if (!isMade && !isText) return undefined;
  return { key: 'made code', what: 'a function made of text at run time' };
}
