import type { HostEvents, HostLink } from './host-link.ts';
import type { PageElement, PageWindow } from './page-dom.ts';
import type { PageKit } from './page-kit.ts';

type Connect = (window: PageWindow, kit: PageKit, events: HostEvents) => HostLink;

/** One run as it goes on: state, progress, log, result or error. Asks again by itself where the host passes calls on. */
export function showRun(window: PageWindow, kit: PageKit, connect: Connect): void {
  const place = kit.element('main', '');
  place.append(kit.element('p', 'quiet', 'Waiting for the run …'));
  window.document.body.append(place);
  let isFollowing = false;
  const show = (result: unknown): void => {
    const answer = kit.get(result, 'structuredContent');
    const text = kit.text(kit.list(result, 'content')[0], 'text');
    const parts = isRun(kit, result) ? runParts(kit, answer, link.canCall()) : [kit.element('p', 'bad', text)];
    place.replaceChildren(...parts);
  };
  const follow = async (runId: string): Promise<void> => {
    if (isFollowing || !link.canCall()) return;
    isFollowing = true;
    // Quick at first, since most runs are short; then at a pace that costs nobody anything.
    for (let delayMs = 1_000, misses = 0; misses < 3 && !link.isClosed(); delayMs = Math.min(10_000, delayMs * 1.3)) {
      await new Promise<void>((resolve) => void window.setTimeout(resolve, delayMs));
      const result = await link.callTool('run_get', { runId }).catch(() => undefined);
      misses = isRun(kit, result) ? 0 : misses + 1;
      // What was shown last stays when there is no news.
      if (misses === 0) show(result);
      if (isOver(kit, result)) break;
    }
    isFollowing = false;
  };
  const link = connect(window, kit, {
    input: () => {},
    cancelled: () => place.replaceChildren(kit.element('p', 'quiet', 'The call was cancelled.')),
    result(result) {
      show(result);
      if (isRun(kit, result) && !isOver(kit, result)) {
        void follow(kit.text(result, 'structuredContent', 'run', 'runId'));
      }
    },
  });
}

export function isRun(kit: PageKit, result: unknown): boolean {
  return kit.text(result, 'structuredContent', 'run', 'runId') !== '';
}

export function isOver(kit: PageKit, result: unknown): boolean {
  return kit.text(result, 'structuredContent', 'run', 'endedAt') !== '';
}

export function runParts(kit: PageKit, answer: unknown, isLive: boolean): PageElement[] {
  const run = kit.get(answer, 'run');
  const status = kit.text(run, 'status');
  const hasEnded = kit.text(run, 'endedAt') !== '';
  const result = kit.get(run, 'result');
  return [
    kit.element(
      'header',
      '',
      kit.element('h1', '', kit.text(run, 'title')),
      kit.element('span', `state ${status.replaceAll('_', '-')}`, status.replaceAll('_', ' ')),
    ),
    ...progressParts(kit, run),
    ...errorParts(kit, run),
    ...(result === undefined ? [] : [foldedJson(kit, 'Result', result)]),
    ...logParts(kit, kit.list(answer, 'log')),
    kit.element(
      'footer',
      'quiet',
      [`run ${kit.text(run, 'runId')}`, kit.text(run, 'kind'), timesOf(kit, run)]
        .filter((part) => part !== '')
        .join(' · '),
      ...(hasEnded || isLive ? [] : [' · ask for it again to see how it goes on']),
    ),
  ];
}

export function progressParts(kit: PageKit, run: unknown): PageElement[] {
  const done = kit.number(run, 'progress', 'done');
  const total = kit.number(run, 'progress', 'total');
  const message = kit.text(run, 'progress', 'message');
  const count = total > 0 ? `${done} of ${total} ${kit.text(run, 'progress', 'unit')}` : '';
  const bar = kit.element('progress', '');
  bar.setAttribute('max', String(total > 0 ? total : 1));
  bar.setAttribute('aria-label', 'progress');
  // A bar without a value shows that something is going on.
  if (total > 0 || kit.text(run, 'endedAt') !== '') bar.setAttribute('value', String(total > 0 ? done : 1));
  const line = [count, message].filter((part) => part !== '').join(' – ');
  return [bar, ...(line === '' ? [] : [kit.element('p', '', line)])];
}

export function errorParts(kit: PageKit, run: unknown): PageElement[] {
  const approval = kit.text(run, 'approval');
  const message = kit.text(run, 'error', 'message');
  const hint = kit.text(run, 'error', 'hint');
  return [
    ...(message === '' ? [] : [kit.element('p', 'bad', hint === '' ? message : `${message} ${hint}`)]),
    ...(approval === '' ? [] : [kit.element('p', 'ask', `Waits for approval: ${approval}`)]),
  ];
}

export function logParts(kit: PageKit, events: readonly unknown[]): PageElement[] {
  if (events.length === 0) return [];
  const rows = events.map((event) =>
    kit.element(
      'li',
      kit.text(event, 'level'),
      kit.element('time', '', kit.text(event, 'at').slice(11, 19)),
      ` ${kit.text(event, 'message')}`,
    ),
  );
  return [kit.element('ol', 'log', ...rows)];
}

export function foldedJson(kit: PageKit, title: string, value: unknown): PageElement {
  const text = JSON.stringify(value, null, 2).slice(0, 20_000);
  return kit.element('details', '', kit.element('summary', '', title), kit.element('pre', '', text));
}

export function timesOf(kit: PageKit, run: unknown): string {
  const startedMs = Date.parse(kit.text(run, 'startedAt'));
  const endedMs = Date.parse(kit.text(run, 'endedAt') || kit.text(run, 'updatedAt'));
  if (Number.isNaN(startedMs) || Number.isNaN(endedMs)) return '';
  const seconds = Math.max(0, Math.round((endedMs - startedMs) / 100) / 10);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
