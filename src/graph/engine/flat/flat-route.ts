import { FRAMEWORKS, MAX_ROUTE_NAME, MAX_WRAPPINGS, VERBS } from '../route-words.ts';
import type { FlatFact } from './flat-fact.ts';
import { KIND } from './flat-kinds.ts';
import { INITIALIZER_SLOT, MODIFIERS_SLOT, NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** The rules of `route-facts.ts`, over a flat tree. */

/** What `node` routes, in a file that names one of the frameworks. */
export function routeOf(tree: FlatTree, node: number): FlatFact | undefined {
  const isDecorator = tree.kind(node) === KIND.Decorator;
  const call = isDecorator ? tree.child(node, SLOT.expression) : node;
  if (tree.kind(call) !== KIND.CallExpression) return undefined;
  if (!isDecorator && tree.kind(tree.parent(call)) === KIND.Decorator) return undefined;
  const name = isDecorator ? decoratedRoute(tree, node) : (calledRoute(tree, call) ?? listedRoute(tree, call));
  if (name === undefined || !FRAMEWORKS.test(tree.text)) return undefined;
  return { kind: 'route', name: name.slice(0, MAX_ROUTE_NAME), declaration: call, merges: false };
}

/** Whether a value is given to a route: itself, or in a list, as an option, or through a call that wraps it. */
export function isHandler(tree: FlatTree, value: number): boolean {
  let inner = value;
  for (let step = 0; step < MAX_WRAPPINGS; step += 1) {
    const parent = tree.parent(inner);
    switch (tree.kind(parent)) {
      case KIND.CallExpression:
        if (tree.child(parent, SLOT.expression) === inner) return false;
        if (routeOf(tree, parent) !== undefined) return true;
        break;
      case KIND.ArrayLiteralExpression:
      case KIND.ObjectLiteralExpression:
      case KIND.PropertyAssignment:
        break;
      default:
        return false;
    }
    inner = parent;
  }
  return false;
}

/** `app.get('/path', …, handler)` */
function calledRoute(tree: FlatTree, call: number): string | undefined {
  const verb = methodOf(tree, call);
  if (verb === undefined || !VERBS.has(verb)) return undefined;
  const path = tree.first(tree.child(call, SLOT.callArguments));
  if (tree.next(path) === 0 || !isText(tree, path)) return undefined;
  const text = tree.value(path);
  return /^[/*]/.test(text) ? `${verb.toUpperCase()} ${text}` : undefined;
}

/** `fastify.route({ method: 'GET', url: '/path', handler })` */
function listedRoute(tree: FlatTree, call: number): string | undefined {
  if (methodOf(tree, call) !== 'route') return undefined;
  const options = tree.first(tree.child(call, SLOT.callArguments));
  if (tree.kind(options) !== KIND.ObjectLiteralExpression) return undefined;
  const [method, url] = ['method', 'url'].map((key) => textOf(tree, options, key));
  return method === undefined || url === undefined ? undefined : `${method.toUpperCase()} ${url}`;
}

/** Name of the method that a call calls. */
function methodOf(tree: FlatTree, call: number): string | undefined {
  const callee = tree.child(call, SLOT.expression);
  return tree.kind(callee) === KIND.PropertyAccessExpression
    ? tree.value(tree.child(callee, SLOT.accessName))
    : undefined;
}

function textOf(tree: FlatTree, options: number, key: string): string | undefined {
  const properties = tree.child(options, SLOT.properties);
  for (let property = tree.first(properties); property !== 0; property = tree.next(property)) {
    const kind = tree.kind(property);
    const name = tree.child(property, NAME_SLOT[kind] ?? -1);
    if (kind !== KIND.PropertyAssignment || tree.kind(name) !== KIND.Identifier || tree.value(name) !== key) continue;
    const value = tree.child(property, INITIALIZER_SLOT[kind] ?? -1);
    return isText(tree, value) ? tree.value(value) : undefined;
  }
  return undefined;
}

/** `@Get('path')` on a method, below the `@Controller('prefix')` of its class. */
function decoratedRoute(tree: FlatTree, decorator: number): string | undefined {
  const method = tree.parent(decorator);
  if (tree.kind(method) !== KIND.MethodDeclaration) return undefined;
  const { name, path } = decoratorOf(tree, decorator);
  if (!VERBS.has(name.toLowerCase()) || !/^[A-Z]/.test(name)) return undefined;
  const prefix = prefixOf(tree, tree.parent(method));
  if (prefix === undefined) return undefined;
  const parts = [prefix, path].map((part) => part.replaceAll(/^\/+|\/+$/g, '')).filter((part) => part !== '');
  return `${name.toUpperCase()} /${parts.join('/')}`;
}

function prefixOf(tree: FlatTree, holder: number): string | undefined {
  const modifiers = tree.child(holder, MODIFIERS_SLOT[tree.kind(holder)] ?? -1);
  for (let modifier = tree.first(modifiers); modifier !== 0; modifier = tree.next(modifier)) {
    if (tree.kind(modifier) !== KIND.Decorator) continue;
    const { name, path } = decoratorOf(tree, modifier);
    if (name === 'Controller') return path;
  }
  return undefined;
}

function decoratorOf(tree: FlatTree, decorator: number): { readonly name: string; readonly path: string } {
  const call = tree.child(decorator, SLOT.expression);
  const callee = tree.kind(call) === KIND.CallExpression ? tree.child(call, SLOT.expression) : 0;
  if (tree.kind(callee) !== KIND.Identifier) return { name: '', path: '' };
  const path = tree.first(tree.child(call, SLOT.callArguments));
  return { name: tree.value(callee), path: isText(tree, path) ? tree.value(path) : '' };
}

function isText(tree: FlatTree, node: number): boolean {
  const kind = tree.kind(node);
  return kind === KIND.StringLiteral || kind === KIND.NoSubstitutionTemplateLiteral;
}
