/** An element with its attributes, its elements, and its own text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN = /<\/([\w:.-]+)>|<([\w:.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads what the exports write, and nothing laxer: throws for anything that is not well-formed. */
export function parseXml(text: string): XmlElement {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!text.startsWith(head)) throw new Error('No XML declaration.');
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text)) throw new Error('A forbidden character.');
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const token = new RegExp(TOKEN);
  token.lastIndex = head.length;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new Error(`Not well-formed at ${at}: ${text.slice(at, at + 40)}`);
    take(match, open);
  }
  const [only] = root.children;
  if (open.length !== 1 || only === undefined || root.children.length !== 1) throw new Error('Not one whole document.');
  return only;
}

/** One token: the end of an element, its begin, or text in it. */
function take([, closed, opened, attributes = '', isEmpty, content]: RegExpExecArray, open: XmlElement[]): void {
  if (closed !== undefined && open.pop()?.name !== closed) throw new Error(`</${closed}> closes another element.`);
  const top = open.at(-1);
  if (top === undefined) throw new Error('More is closed than was opened.');
  if (content !== undefined) top.text += decoded(content);
  if (opened === undefined) return;
  const element: XmlElement = { name: opened, attributes: attributesOf(attributes), children: [], text: '' };
  top.children.push(element);
  if (isEmpty === '') open.push(element);
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => {
    return [name, decoded(value)] as const;
  });
  if (new Set(found.map(([name]) => name)).size !== found.length) throw new Error('An attribute stands twice.');
  return Object.fromEntries(found);
}

function decoded(text: string): string {
  return text.replaceAll(/&(\w*;?)/g, (whole, name: string) => {
    const char = ENTITIES[name.replace(/;$/, '')];
    if (char === undefined || !name.endsWith(';')) throw new Error(`${whole} is no entity.`);
    return char;
  });
}
