import type { PageElement, PageWindow } from './page-dom.ts';

/**
 * What all pages are made with. Everything in this folder that runs in a page is sent there as the text of its functions
 * (see view-page.ts): they may use one another within a file, and nothing else from outside themselves.
 */
export interface PageKit {
  /** The value at a path of names; undefined where there is none. */
  get(value: unknown, ...names: readonly string[]): unknown;
  /** Text and numbers as text; empty for anything else. */
  text(value: unknown, ...names: readonly string[]): string;
  /** 0 for anything that is no number. */
  number(value: unknown, ...names: readonly string[]): number;
  list(value: unknown, ...names: readonly string[]): readonly unknown[];
  /** An element with classes. What is given as text stays text: nothing here ever parses HTML. */
  element(tag: string, className: string, ...children: readonly (PageElement | string)[]): PageElement;
  /** An element of a drawing. */
  shape(
    tag: string,
    attributes: Readonly<Record<string, string | number>>,
    ...children: readonly (PageElement | string)[]
  ): PageElement;
}

export function pageKit({ document }: PageWindow): PageKit {
  return {
    get: valueAt,
    text(value, ...names) {
      const found = valueAt(value, ...names);
      return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
    },
    number(value, ...names) {
      const found = valueAt(value, ...names);
      return typeof found === 'number' && Number.isFinite(found) ? found : 0;
    },
    list(value, ...names) {
      const found = valueAt(value, ...names);
      const elements: readonly unknown[] = Array.isArray(found) ? found : [];
      return elements;
    },
    element(tag, className, ...children) {
      const element = document.createElement(tag);
      if (className !== '') element.setAttribute('class', className);
      element.append(...children);
      return element;
    },
    shape(tag, attributes, ...children) {
      const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
      element.append(...children);
      return element;
    },
  };
}

export function valueAt(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}
