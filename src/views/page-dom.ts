/** The little of a browser that our pages use. The rest of the program is compiled without a browser's types. */
export interface PageElement {
  textContent: string | null;
  readonly style: { setProperty(name: string, value: string): void };
  append(...children: readonly (PageElement | string)[]): void;
  replaceChildren(...children: readonly (PageElement | string)[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: 'click' | 'keydown', listener: (event: { readonly key?: string }) => void): void;
  getBoundingClientRect(): { readonly height: number };
}

interface PageDocument {
  readonly documentElement: PageElement;
  readonly body: PageElement;
  createElement(tag: string): PageElement;
  createElementNS(namespace: string, tag: string): PageElement;
}

interface PageMessage {
  readonly source: unknown;
  readonly data: unknown;
}

export interface PageWindow {
  readonly document: PageDocument;
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  readonly ResizeObserver: new (onResize: () => void) => { observe(element: PageElement): void };
  addEventListener(type: 'message', listener: (event: PageMessage) => void): void;
  setTimeout(work: () => void, delayMs: number): unknown;
}
