import { describe, expect, it } from 'vitest';
import { RUN_PAGE } from '../../src/views/index.ts';
import { showPage } from '../support/page-window.ts';
import type { ShownPage } from '../support/page-window.ts';

const RUNNING = {
  runId: 'r1',
  kind: 'graph_index',
  title: 'Index /home/ann/shop',
  status: 'running',
  progress: { done: 3, total: 12, unit: 'files', message: 'resolving' },
  startedAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:04Z',
};
const DONE = {
  ...RUNNING,
  status: 'completed',
  progress: { done: 12, total: 12, unit: 'files', message: 'resolved' },
  endedAt: '2026-01-01T00:03:20Z',
  result: { files: 12 },
};
const LINE = { sequence: 1, runId: 'r1', at: '2026-01-01T00:00:01.5Z', level: 'warn', message: 'slow' };

async function opened(hostCapabilities: Record<string, unknown>): Promise<ShownPage> {
  const page = showPage(RUN_PAGE);
  await page.answer('ui/initialize', { result: { hostCapabilities, hostContext: {} } });
  return page;
}

function tellResult(page: ShownPage, run: unknown, log: readonly unknown[] = []): void {
  page.tell({ method: 'ui/notifications/tool-result', params: { content: [], structuredContent: { run, log } } });
}

function callsOf(page: ShownPage): unknown[] {
  return page.sent.filter(({ method }) => method === 'tools/call').map(({ params }) => params);
}

describe('the page of a run', () => {
  it('follows the run to its end, and asks no more after it', async () => {
    const page = await opened({ serverTools: {} });
    expect(page.body.textContent).toBe('Waiting for the run …');
    tellResult(page, RUNNING);
    expect(page.body.textContent).toContain('Index /home/ann/shoprunning3 of 12 files – resolving');
    expect(callsOf(page)).toEqual([]);
    await page.passTime();
    expect(callsOf(page)).toEqual([{ name: 'run_get', arguments: { runId: 'r1' } }]);
    await page.answer('tools/call', { result: { structuredContent: { run: RUNNING, log: [LINE] } } });
    expect(page.body.textContent).toContain('00:00:01 slow');
    await page.passTime();
    await page.answer('tools/call', { result: { structuredContent: { run: DONE, log: [LINE] } } });
    expect(page.body.textContent).toContain('completed');
    expect(page.body.textContent).toContain('"files": 12');
    expect(page.body.textContent).toContain('run r1 · graph_index · 3 min');
    await expect(page.passTime()).rejects.toThrow('waits for nothing');
  });

  it('keeps what it shows when there is no news, and gives up after three times', async () => {
    const page = await opened({ serverTools: {} });
    tellResult(page, RUNNING);
    const shown = page.body.textContent;
    await page.passTime();
    await page.answer('tools/call', { error: { code: -32000, message: 'refused' } });
    await page.passTime();
    await page.answer('tools/call', {
      result: { isError: true, content: [{ type: 'text', text: 'There is no run.' }] },
    });
    await page.passTime();
    await page.answer('tools/call', { result: null });
    expect(page.body.textContent).toBe(shown);
    await expect(page.passTime()).rejects.toThrow('waits for nothing');
  });

  it('asks no more once the host takes it away', async () => {
    const page = await opened({ serverTools: {} });
    tellResult(page, RUNNING);
    await page.passTime();
    page.tell({ id: 5, method: 'ui/resource-teardown', params: {} });
    await page.answer('tools/call', { result: { structuredContent: { run: RUNNING, log: [] } } });
    await expect(page.passTime()).rejects.toThrow('waits for nothing');
    expect(callsOf(page)).toHaveLength(1);
  });

  it('says what to do where the host passes no calls on', async () => {
    const page = await opened({});
    tellResult(page, RUNNING);
    expect(page.body.textContent).toContain('ask for it again to see how it goes on');
    await expect(page.passTime()).rejects.toThrow('waits for nothing');
    tellResult(page, DONE);
    expect(page.body.textContent).not.toContain('ask for it again');
  });

  it('shows errors, questions and the failure of the call', async () => {
    const page = await opened({});
    const error = { code: 'timed_out', message: 'It took too long.', hint: 'Call run_control.' };
    tellResult(page, { ...RUNNING, status: 'failed', error });
    expect(page.body.textContent).toContain('It took too long. Call run_control.');
    tellResult(page, { ...RUNNING, status: 'waiting_approval', approval: 'Go on?', progress: {} });
    expect(page.body.textContent).toContain('waiting approvalWaits for approval: Go on?');
    const bar = page.body.all().find(({ tag }) => tag === 'progress');
    expect(bar?.attributes.has('value')).toBe(false);
    page.tell({
      method: 'ui/notifications/tool-result',
      params: { content: [{ type: 'text', text: 'No such run.' }] },
    });
    expect(page.body.textContent).toBe('No such run.');
    page.tell({ method: 'ui/notifications/tool-cancelled', params: {} });
    expect(page.body.textContent).toBe('The call was cancelled.');
  });

  it('shows markup as the text that it is', async () => {
    const page = await opened({});
    const title = '<img src=x onerror="alert(1)"></script>';
    tellResult(page, { ...RUNNING, title, status: 'a" onclick="b' }, [{ ...LINE, message: '<svg onload=1>' }]);
    expect(page.body.textContent).toContain(title);
    const tags = new Set(page.body.all().map(({ tag }) => tag));
    expect([...tags]).toEqual(['body', 'main', 'header', 'h1', 'span', 'progress', 'p', 'ol', 'li', 'time', 'footer']);
    const names = page.body.all().flatMap(({ attributes }) => Array.from(attributes.keys()));
    expect(new Set(names)).toEqual(new Set(['class', 'max', 'aria-label', 'value']));
  });
});
