import vm from 'node:vm';
import { z } from 'zod';

/** An element as our pages use it. It holds text and elements, and parses nothing. */
export class FakeElement {
  readonly tag: string;
  readonly attributes = new Map<string, string>();
  readonly variables = new Map<string, string>();
  readonly style = { setProperty: (name: string, value: string) => void this.variables.set(name, value) };
  readonly listeners = new Map<string, (event: { key?: string }) => void>();
  children: (FakeElement | string)[] = [];

  constructor(tag: string) {
    this.tag = tag;
  }

  get textContent(): string {
    return this.children.map((child) => (typeof child === 'string' ? child : child.textContent)).join('');
  }

  append(...children: (FakeElement | string)[]): void {
    this.children.push(...children);
  }

  replaceChildren(...children: (FakeElement | string)[]): void {
    this.children = children;
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  addEventListener(type: string, listener: (event: { key?: string }) => void): void {
    this.listeners.set(type, listener);
  }

  getBoundingClientRect(): { height: number } {
    return { height: 10 * this.all().length + 0.5 };
  }

  /** Itself and all below it. */
  all(): FakeElement[] {
    return [this, ...this.children.flatMap((child) => (typeof child === 'string' ? [] : child.all()))];
  }
}

const messageSchema = z.looseObject({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.looseObject({}).optional(),
});
export type PageMessage = z.infer<typeof messageSchema>;

/** A browser window with a page in it, and the host that shows it: the outside world of a page. */
export interface ShownPage {
  readonly body: FakeElement;
  readonly root: FakeElement;
  /** What the page has sent so far. */
  readonly sent: PageMessage[];
  /** A message from the host, or from another window. */
  tell(message: Record<string, unknown>, source?: unknown): void;
  /** Answers the newest request of this method that is open. */
  answer(method: string, reply: { result: unknown } | { error: { code: number; message: string } }): Promise<void>;
  /** Runs the timer that would fire next. */
  passTime(): Promise<void>;
  resize(): void;
}

/** Runs the script of a page as a browser would, in a world without anything else. */
export function showPage(html: string): ShownPage {
  const script = /<script>([^]*)<\/script>/.exec(html)?.[1] ?? '';
  const root = new FakeElement('html');
  const body = new FakeElement('body');
  const sent: PageMessage[] = [];
  const timers: { work: () => void; delayMs: number }[] = [];
  const listeners: ((event: { source: unknown; data: unknown }) => void)[] = [];
  const resizers: (() => void)[] = [];
  const parent = { postMessage: (message: unknown) => void sent.push(messageSchema.parse(message)) };
  const window = {
    document: {
      documentElement: root,
      body,
      createElement: (tag: string) => new FakeElement(tag),
      createElementNS: (_namespace: string, tag: string) => new FakeElement(tag),
    },
    parent,
    ResizeObserver: class {
      readonly observe: () => void;

      constructor(onResize: () => void) {
        this.observe = () => void resizers.push(onResize);
      }
    },
    addEventListener: (_type: string, listener: (typeof listeners)[number]) => void listeners.push(listener),
    setTimeout: (work: () => void, delayMs: number) => void timers.push({ work, delayMs }),
  };
  vm.runInNewContext(script, { window });
  const tell: ShownPage['tell'] = (message, source = parent) => {
    for (const listener of listeners) listener({ source, data: { jsonrpc: '2.0', ...message } });
  };
  const answered = new Set<number | undefined>();
  return {
    body,
    root,
    sent,
    tell,
    async answer(method, reply) {
      const request = sent.findLast((message) => message.method === method && !answered.has(message.id));
      if (request === undefined) throw new Error(`The page has not asked for ${method}.`);
      answered.add(request.id);
      tell({ id: request.id, ...reply });
      await settled();
    },
    async passTime() {
      // The 30 s after which an unanswered request fails are never waited for.
      const next = timers.filter(({ delayMs }) => delayMs < 30_000).toSorted((a, b) => a.delayMs - b.delayMs)[0];
      if (next === undefined) throw new Error('The page waits for nothing.');
      timers.splice(timers.indexOf(next), 1);
      next.work();
      await settled();
    },
    resize: () => {
      for (const resize of resizers) resize();
    },
  };
}

/** All that follows from what has happened has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
