import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { createSilentLog } from '../../src/core/log.ts';
import { OtlpExporter } from '../../src/core/otlp-exporter.ts';
import { createOtlpTracer } from '../../src/core/otlp-tracer.ts';
import { childContext, readTraceParent, writeTraceParent } from '../../src/core/trace-parent.ts';
import type { Tracer } from '../../src/core/tracer.ts';
import { TraceCollector } from '../support/trace-collector.ts';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a tracer', () => {
  let collector: TraceCollector;
  let exporter: OtlpExporter;
  let tracer: Tracer;

  beforeEach(async () => {
    collector = new TraceCollector();
    const endpoint = await collector.open();
    const deps = { endpoint, headers: { 'x-key': 'k' }, version: '1', role: 'master', log: createSilentLog() } as const;
    exporter = new OtlpExporter(deps);
    tracer = createOtlpTracer({ exporter, sampleRatio: 1 });
  });
  afterEach(() => collector.close());

  it('sends spans that nest as their calls do, in the trace of whoever began', async () => {
    const work = tracer.span(
      { name: 'outer', kind: 'server', parent: PARENT, attributes: { a: 'b', n: 1, x: 0.5, y: true } },
      async () => {
        await tracer.span({ name: 'inner' }, () => Promise.resolve());
        return tracer.parent();
      },
    );
    const carried = readTraceParent(await work);
    await exporter.close();
    expect(collector.problems).toEqual([]);
    const [inner, outer] = collector.spans;
    expect(outer).toMatchObject({
      traceId: readTraceParent(PARENT)?.traceId,
      parentSpanId: '00f067aa0ba902b7',
      kind: 2,
    });
    expect(outer?.attributes).toEqual([
      { key: 'a', value: { stringValue: 'b' } },
      { key: 'n', value: { intValue: '1' } },
      { key: 'x', value: { doubleValue: 0.5 } },
      { key: 'y', value: { boolValue: true } },
    ]);
    expect(inner).toMatchObject({ traceId: outer?.traceId, parentSpanId: outer?.spanId, kind: 1 });
    expect(carried).toEqual({ traceId: outer?.traceId, spanId: outer?.spanId, isSampled: true });
    expect(collector.headers[0]).toMatchObject({ 'x-key': 'k' });
    expect(tracer.parent()).toBeUndefined();
  });

  it('says that the work threw, by its code alone, and lets it through', async () => {
    const fail = tracer.span({ name: 'bad' }, () => Promise.reject(new AppError('not_found', 'secret text')));
    await expect(fail).rejects.toThrow('secret text');
    await exporter.close();
    expect(collector.spans[0]).toMatchObject({
      status: { code: 2 },
      attributes: [{ key: 'error.type', value: { stringValue: 'not_found' } }],
    });
    expect(JSON.stringify(collector.spans)).not.toContain('secret text');
  });

  it('keeps what its parent has decided, and decides by the id where there is none', async () => {
    await tracer.span({ name: 'unwanted', parent: PARENT.replace(/01$/, '00') }, () => Promise.resolve());
    await createOtlpTracer({ exporter, sampleRatio: 0 }).span({ name: 'none' }, () => Promise.resolve());
    await exporter.close();
    expect(collector.spans).toEqual([]);
    const kept = Array.from({ length: 2_000 }, () => childContext(undefined, 0.25)).filter(
      ({ isSampled }) => isSampled,
    );
    expect(kept.length).toBeGreaterThan(350);
    expect(kept.length).toBeLessThan(650);
  });

  it('repeats what a busy collector did not take, and drops what it refuses', async () => {
    collector.refusals.push(503, 429);
    await tracer.span({ name: 'repeated' }, () => Promise.resolve());
    await exporter.close();
    collector.refusals.push(400);
    await tracer.span({ name: 'refused' }, () => Promise.resolve());
    await exporter.close();
    await tracer.span({ name: 'later' }, () => Promise.resolve());
    await exporter.close();
    expect(collector.spans.map(({ name }) => name)).toEqual(['repeated', 'later']);
  });

  it('holds a bounded number of spans while the collector is away', async () => {
    const count = 5_000;
    collector.refusals.push(...Array.from({ length: 3 }, () => 503));
    for (let index = 0; index < count; index += 1) void tracer.span({ name: 's' }, () => Promise.resolve());
    await exporter.close();
    expect(collector.spans.length).toBe(4_096 - 512);
  });

  it.each([
    ['', undefined],
    ['00-00000000000000000000000000000000-00f067aa0ba902b7-01', undefined],
    ['ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', undefined],
    [PARENT, PARENT],
    ['01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-more', PARENT],
  ])('reads the trace context of %s', (text, expected) => {
    const read = readTraceParent(text);
    expect(read === undefined ? undefined : writeTraceParent(read)).toBe(expected);
  });
});
