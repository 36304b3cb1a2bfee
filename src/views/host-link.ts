import type { PageWindow } from './page-dom.ts';
import type { PageKit } from './page-kit.ts';

/** What a page is told by the host that shows it. */
export interface HostEvents {
  /** The arguments of the call that the page is shown for. */
  input(args: unknown): void;
  /** Its result, as the protocol has it. */
  result(result: unknown): void;
  /** The call was cancelled; there will be no result. */
  cancelled(): void;
}

/** The host that shows the page, by the MCP Apps protocol of 2026-01-26: JSON-RPC over postMessage. */
export interface HostLink {
  /** Whether the host passes calls of tools on to the server. */
  canCall(): boolean;
  /** The result of a tool; rejects when the host refuses, or after a time without an answer. */
  callTool(name: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** No more news are wanted: the host takes the page away. */
  isClosed(): boolean;
}

export function connectHost(window: PageWindow, kit: PageKit, events: HostEvents): HostLink {
  const { send, request, settle } = messagesTo(window, kit);
  let hostCapabilities: unknown;
  let isClosed = false;
  const answer = hostAnswers({ window, kit, events, send, close: () => void (isClosed = true) });
  window.addEventListener('message', ({ source, data }) => {
    // Any window can send messages; only the one that shows us is the host.
    if (source !== window.parent || kit.text(data, 'jsonrpc') !== '2.0') return;
    if (kit.text(data, 'method') === '') settle(data);
    else answer(data);
  });
  const initialize = async (): Promise<void> => {
    const result = await request('ui/initialize', {
      protocolVersion: '2026-01-26',
      appInfo: { name: 'lightdom', version: '1' },
      appCapabilities: { availableDisplayModes: ['inline'] },
    });
    hostCapabilities = kit.get(result, 'hostCapabilities');
    applyContext(window, kit, kit.get(result, 'hostContext'));
    send({ method: 'ui/notifications/initialized', params: {} });
    tellSize(window, send);
  };
  // A host that does not answer shows a page that waits; there is nobody to tell.
  initialize().catch(() => {});
  return {
    canCall: () => kit.get(hostCapabilities, 'serverTools') !== undefined,
    callTool: (name, args) => request('tools/call', { name, arguments: args }),
    isClosed: () => isClosed,
  };
}

type Send = (message: Readonly<Record<string, unknown>>) => void;

interface Messages {
  readonly send: Send;
  readonly request: (method: string, params: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** A response has come. */
  readonly settle: (message: unknown) => void;
}

export function messagesTo(window: PageWindow, kit: PageKit): Messages {
  const waiting = new Map<number, (message: unknown) => void>();
  let lastId = 0;
  const send: Send = (message) => window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  return {
    send,
    request(method, params) {
      lastId += 1;
      const id = lastId;
      send({ id, method, params });
      return new Promise((resolve, reject) => {
        window.setTimeout(() => reject(new Error(`${method}: the host does not answer.`)), 30_000);
        waiting.set(id, (message) => {
          if (kit.get(message, 'error') === undefined) resolve(kit.get(message, 'result'));
          else reject(new Error(kit.text(message, 'error', 'message') || `${method} was refused.`));
        });
      });
    },
    settle(message) {
      const id = kit.number(message, 'id');
      waiting.get(id)?.(message);
      waiting.delete(id);
    },
  };
}

interface HostSide {
  readonly window: PageWindow;
  readonly kit: PageKit;
  readonly events: HostEvents;
  readonly send: Send;
  readonly close: () => void;
}

/** Handles what the host asks and tells. */
export function hostAnswers({ window, kit, events, send, close }: HostSide): (message: unknown) => void {
  const handlers = new Map<string, (params: unknown) => void>([
    ['ui/notifications/tool-input', (params) => events.input(kit.get(params, 'arguments'))],
    ['ui/notifications/tool-result', (params) => events.result(params)],
    ['ui/notifications/tool-cancelled', () => events.cancelled()],
    ['ui/notifications/host-context-changed', (params) => applyContext(window, kit, params)],
    ['ui/resource-teardown', close],
    ['ping', () => {}],
  ]);
  return (message) => {
    const id = kit.get(message, 'id');
    const handler = handlers.get(kit.text(message, 'method'));
    handler?.(kit.get(message, 'params'));
    if (id === undefined) return;
    if (handler === undefined) send({ id, error: { code: -32601, message: 'This page does not do that.' } });
    else send({ id, result: {} });
  };
}

/** Colours and fonts of the host, for what our style sheet takes from variables. */
export function applyContext({ document }: PageWindow, kit: PageKit, context: unknown): void {
  const theme = kit.text(context, 'theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.setAttribute('data-theme', theme);
  const variables = kit.get(context, 'styles', 'variables');
  if (typeof variables !== 'object' || variables === null) return;
  for (const [name, value] of Object.entries(variables)) {
    const isOurs = name.startsWith('--color-') || name.startsWith('--font-') || name.startsWith('--border-');
    if (isOurs && typeof value === 'string') document.documentElement.style.setProperty(name, value);
  }
}

/** The host gives the page the height that it needs. */
export function tellSize(window: PageWindow, send: Send): void {
  const { body } = window.document;
  let told = 0;
  const tell = (): void => {
    const height = Math.ceil(body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    send({ method: 'ui/notifications/size-changed', params: { height } });
  };
  new window.ResizeObserver(tell).observe(body);
  tell();
}
