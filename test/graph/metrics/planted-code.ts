/** Random statements that repeat nothing: each one calls a function of its own, in a shape of its own. */
export function randomStatements(random: () => number, count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, at) => statement(random, `${prefix}${at}`));
}

function statement(random: () => number, name: string): string {
  const kind = Math.floor(random() * 5);
  const own = (depth: number): string => expression(random, name, depth);
  if (kind === 0) return `const ${name} = ${own(4)};`;
  if (kind === 1) return `if (${own(2)}) { ${name}a(${own(3)}); } else { ${name}b = ${own(2)}; }`;
  if (kind === 2) return `for (let ${name} = ${own(1)}; ${own(2)}; ${name}++) { ${name}c(${own(3)}); }`;
  if (kind === 3) return `while (${own(3)}) ${name}d.${name}e(${own(2)});`;
  return `try { ${name}f(${own(3)}); } catch { throw ${own(2)}; }`;
}

/** Names are of the statement alone, but used more than once in it. */
function expression(random: () => number, name: string, depth: number): string {
  const variable = `${name}v${Math.floor(random() * 3)}`;
  if (depth === 0) return random() < 0.5 ? variable : String(Math.floor(random() * 100));
  const inner = (): string => expression(random, name, depth - 1);
  const kind = Math.floor(random() * 7);
  if (kind === 0) return `${variable}(${inner()}, ${inner()})`;
  if (kind === 1) return `(${inner()} + ${inner()})`;
  if (kind === 2) return `[${inner()}, ...${inner()}]`;
  if (kind === 3) return `(${inner()} ? ${inner()} : ${inner()})`;
  if (kind === 4) return `{ ${variable}: ${inner()} }.${variable}`;
  if (kind === 5) return `(typeof ${inner()} && !${inner()})`;
  return `\`\${${inner()}} - \${${inner()}}\``;
}

/** Each name gets another one, the same throughout, and each number another number. */
export function renamed(text: string): string {
  return text.replaceAll(/\bplant\w+/g, (name) => `other_${name}`).replaceAll(/\b\d+\b/g, '7');
}
