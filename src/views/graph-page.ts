import type { HostEvents, HostLink } from './host-link.ts';
import type { PageElement, PageWindow } from './page-dom.ts';
import type { PageKit } from './page-kit.ts';

type Connect = (window: PageWindow, kit: PageKit, events: HostEvents) => HostLink;

interface Side {
  readonly title: string;
  readonly hits: readonly unknown[];
  readonly total: number;
  /** What the answer says of how far it can be trusted. */
  readonly coverage: string;
}

/** A symbol between those that lead to it and those that it leads to. A click on one of them puts it in the middle. */
export function showNeighbourhood(window: PageWindow, kit: PageKit, connect: Connect): void {
  const place = kit.element('main', '');
  place.append(kit.element('p', 'quiet', 'Waiting for the answer …'));
  window.document.body.append(place);
  let asked: unknown;
  let turn = 0;
  const say = (kind: string, text: string): void => place.replaceChildren(kit.element('p', kind, text));
  const centre = async (symbol: unknown, workspace: string, wanted: string): Promise<void> => {
    turn += 1;
    const ours = turn;
    const ask = (direction: string): Promise<Side> => sideOf(link, kit, { symbol, workspace, direction, asked });
    try {
      const [left, right] = await Promise.all([ask(wanted), ask('callees')]);
      const go = (hit: unknown): void => void centre(hit, workspace, 'callers');
      // Whoever was clicked meanwhile goes first.
      if (ours === turn) place.replaceChildren(...neighbourhood(kit, symbol, { left, right, go }));
    } catch (error) {
      if (ours === turn) say('bad', error instanceof Error ? error.message : String(error));
    }
  };
  const link = connect(window, kit, {
    input: (args) => void (asked = args),
    cancelled: () => say('quiet', 'The call was cancelled.'),
    result(result) {
      const answer = kit.get(result, 'structuredContent');
      const symbol = kit.get(answer, 'symbol');
      const direction = kit.text(answer, 'direction');
      // Where the host passes no calls on, and for paths, the answer is shown as it is.
      const isDrawn = symbol !== undefined && !direction.startsWith('path') && link.canCall();
      const wanted = direction === '' || direction === 'callees' ? 'callers' : direction;
      if (isDrawn) void centre(symbol, kit.text(answer, 'workspace'), wanted);
      else place.replaceChildren(kit.element('pre', '', askedText(kit, result)));
    },
  });
}

export function askedText(kit: PageKit, result: unknown): string {
  const blocks = kit.list(result, 'content').map((block) => kit.text(block, 'text'));
  return blocks.filter((text) => text !== '').join('\n');
}

interface Question {
  readonly symbol: unknown;
  readonly workspace: string;
  readonly direction: string;
  /** The arguments of the call that the page is shown for: their depth is kept. */
  readonly asked: unknown;
}

export async function sideOf(link: HostLink, kit: PageKit, question: Question): Promise<Side> {
  const { symbol, workspace, direction, asked } = question;
  const depth = kit.number(asked, 'depth');
  const isAsked = direction === kit.text(asked, 'direction') && depth > 0;
  const result = await link.callTool('graph_trace', {
    symbol: kit.text(symbol, 'id'),
    workspace,
    direction,
    limit: 10,
    objects: true,
    ...(isAsked ? { depth } : {}),
  });
  if (kit.get(result, 'isError') === true) throw new Error(kit.text(kit.list(result, 'content')[0], 'text'));
  const answer = kit.get(result, 'structuredContent');
  const coverage =
    askedText(kit, result)
      .split('\n')
      .findLast((line) => line.startsWith('coverage:')) ?? '';
  return { title: direction, hits: kit.list(answer, 'objects'), total: kit.number(answer, 'total'), coverage };
}

interface Drawn {
  readonly left: Side;
  readonly right: Side;
  readonly go: (hit: unknown) => void;
}

export function neighbourhood(kit: PageKit, symbol: unknown, { left, right, go }: Drawn): PageElement[] {
  const rows = Math.max(left.hits.length, right.hits.length, 1);
  const height = 40 + rows * 40;
  const middle = 24 + (rows * 40) / 2;
  const centre = { x: 270, y: middle };
  const drawing = kit.shape(
    'svg',
    { viewBox: `0 0 760 ${height}`, role: 'img', 'aria-label': `Neighbourhood of ${kit.text(symbol, 'name')}` },
    ...sideShapes(kit, left, { x: 10, rows, anchor: { x: centre.x, y: centre.y }, isLeft: true, go }),
    ...sideShapes(kit, right, { x: 530, rows, anchor: { x: centre.x + 220, y: centre.y }, isLeft: false, go }),
    nodeShape(kit, symbol, { ...centre, className: 'node centre' }),
  );
  const place = `${kit.text(symbol, 'path')}:${kit.text(symbol, 'line')}`;
  return [
    kit.element(
      'header',
      '',
      kit.element('h1', '', kit.text(symbol, 'name')),
      kit.element('span', 'quiet', `${kit.text(symbol, 'kind')} ${place}`),
    ),
    drawing,
    kit.element(
      'footer',
      'quiet',
      [captionOf(left), captionOf(right), left.coverage].filter((text) => text !== '').join(' · '),
    ),
  ];
}

export function captionOf({ title, hits, total }: Side): string {
  return `${title}: ${total > hits.length ? `${hits.length} of ${total}` : total}`;
}

interface SidePlace {
  readonly x: number;
  readonly rows: number;
  readonly anchor: { readonly x: number; readonly y: number };
  readonly isLeft: boolean;
  readonly go: Drawn['go'];
}

export function sideShapes(kit: PageKit, { title, hits }: Side, place: SidePlace): PageElement[] {
  const { x, rows, anchor, isLeft, go } = place;
  const top = 24 + ((rows - hits.length) * 40) / 2;
  const shapes = [kit.shape('text', { x: x + 110, y: 14, class: 'title' }, title)];
  for (const [index, hit] of hits.entries()) {
    const y = top + index * 40 + 20;
    const from = isLeft ? { x: x + 220, y } : anchor;
    const to = isLeft ? anchor : { x, y };
    const bend = (from.x + to.x) / 2;
    const isPossible = kit.text(hit, 'provenance') === 'dispatch';
    shapes.push(
      kit.shape('path', {
        d: `M${from.x} ${from.y} C${bend} ${from.y} ${bend} ${to.y} ${to.x} ${to.y}`,
        class: isPossible ? 'edge possible' : 'edge',
      }),
      nodeShape(kit, hit, { x, y, className: 'node', go }),
    );
  }
  return shapes;
}

interface NodePlace {
  readonly x: number;
  readonly y: number;
  readonly className: string;
  readonly go?: Drawn['go'];
}

export function nodeShape(kit: PageKit, hit: unknown, { x, y, className, go }: NodePlace): PageElement {
  const name = kit.text(hit, 'name') || kit.text(hit, 'path');
  const file = `${kit.text(hit, 'path')}:${kit.text(hit, 'line')}`;
  const steps = kit.number(hit, 'depth') > 1 ? ` · ${kit.number(hit, 'depth')} steps` : '';
  const room = 36 - steps.length;
  const shownFile = file.length > room ? `…${file.slice(1 - room)}` : file;
  const node = kit.shape(
    'g',
    { class: className },
    kit.shape('title', {}, `${kit.text(hit, 'kind')} ${name} ${file}`),
    kit.shape('rect', { x, y: y - 17, width: 220, height: 34, rx: 6 }),
    kit.shape('text', { x: x + 10, y: y - 2, class: 'name' }, name.length > 28 ? `${name.slice(0, 27)}…` : name),
    kit.shape('text', { x: x + 10, y: y + 11, class: 'file' }, shownFile + steps),
  );
  if (go === undefined) return node;
  node.setAttribute('tabindex', '0');
  node.setAttribute('role', 'button');
  node.addEventListener('click', () => go(hit));
  node.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter') go(hit);
  });
  return node;
}
