import { ts } from 'ts-morph';
import type { DeclarationFact } from './declaration-facts.ts';
import { FRAMEWORKS, MAX_ROUTE_NAME, MAX_WRAPPINGS, VERBS } from './route-words.ts';

/** Routes of HTTP servers, by their syntax alone: `app.get('/path', handler)`, and methods decorated with `@Get('path')`. */

/** What `node` routes, in a file that names one of the frameworks. */
export function routeOf(node: ts.Node): DeclarationFact | undefined {
  const call = ts.isDecorator(node) ? node.expression : node;
  if (!ts.isCallExpression(call) || (call === node && ts.isDecorator(node.parent))) return undefined;
  const name = ts.isDecorator(node) ? decoratedRoute(node) : (calledRoute(call) ?? listedRoute(call));
  if (name === undefined || !FRAMEWORKS.test(node.getSourceFile().text)) return undefined;
  return { kind: 'route', name: name.slice(0, MAX_ROUTE_NAME), declaration: call, merges: false };
}

/** Whether a value is given to a route: itself, or in a list, as an option, or through a call that wraps it. */
export function isHandler(value: ts.Node): boolean {
  let inner = value;
  for (let step = 0; step < MAX_WRAPPINGS; step += 1) {
    const { parent } = inner;
    if (ts.isCallExpression(parent)) {
      if (parent.expression === inner) return false;
      if (routeOf(parent) !== undefined) return true;
    } else if (!isWrapping(parent)) {
      return false;
    }
    inner = parent;
  }
  return false;
}

function isWrapping(node: ts.Node): boolean {
  return ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node) || ts.isPropertyAssignment(node);
}

/** `app.get('/path', …, handler)` */
function calledRoute({ expression, arguments: [path, ...handlers] }: ts.CallExpression): string | undefined {
  if (!ts.isPropertyAccessExpression(expression) || path === undefined || handlers.length === 0) return undefined;
  const verb = expression.name.text;
  if (!VERBS.has(verb) || !ts.isStringLiteralLike(path) || !/^[/*]/.test(path.text)) return undefined;
  return `${verb.toUpperCase()} ${path.text}`;
}

/** `fastify.route({ method: 'GET', url: '/path', handler })` */
function listedRoute({ expression, arguments: [options] }: ts.CallExpression): string | undefined {
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'route') return undefined;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return undefined;
  const [method, url] = ['method', 'url'].map((key) => textOf(options, key));
  return method === undefined || url === undefined ? undefined : `${method.toUpperCase()} ${url}`;
}

function textOf({ properties }: ts.ObjectLiteralExpression, key: string): string | undefined {
  for (const property of properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name) || property.name.text !== key) continue;
    return ts.isStringLiteralLike(property.initializer) ? property.initializer.text : undefined;
  }
  return undefined;
}

/** `@Get('path')` on a method, below the `@Controller('prefix')` of its class. */
function decoratedRoute(node: ts.Decorator): string | undefined {
  const method = node.parent;
  if (!ts.isMethodDeclaration(method) || !ts.isClassLike(method.parent)) return undefined;
  const { name, path } = decoratorOf(node);
  if (!VERBS.has(name.toLowerCase()) || !/^[A-Z]/.test(name)) return undefined;
  const controller = ts
    .getDecorators(method.parent)
    ?.map(decoratorOf)
    .find((each) => each.name === 'Controller');
  if (controller === undefined) return undefined;
  const parts = [controller.path, path].map((part) => part.replaceAll(/^\/+|\/+$/g, '')).filter((part) => part !== '');
  return `${name.toUpperCase()} /${parts.join('/')}`;
}

function decoratorOf({ expression }: ts.Decorator): { readonly name: string; readonly path: string } {
  if (!ts.isCallExpression(expression) || !ts.isIdentifier(expression.expression)) return { name: '', path: '' };
  const [path] = expression.arguments;
  return {
    name: expression.expression.text,
    path: path !== undefined && ts.isStringLiteralLike(path) ? path.text : '',
  };
}
