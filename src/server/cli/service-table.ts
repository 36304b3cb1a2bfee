import { megabytes, stateOf, whyOf } from '../../supervisor/index.ts';
import type { ServiceView } from '../../supervisor/index.ts';
import { durationText } from './progress-rate.ts';

const HEAD = ['SERVICE', 'STATE', 'FOR', 'RESTARTS', 'CPU', 'MEMORY', 'PID', 'WHY'];
const MAX_WHY = 100;

/** Services as aligned columns, the names of these first. */
export function serviceTable(views: readonly ServiceView[], nowMs: number): string[] {
  const rows = views.map((view) => [
    view.name,
    stateOf(view),
    durationText(Math.max(0, (nowMs - Date.parse(view.since)) / 1000)),
    String(view.restarts),
    view.cpuPercent === undefined ? '-' : `${Math.round(view.cpuPercent)} %`,
    view.memoryBytes === undefined ? '-' : megabytes(view.memoryBytes),
    view.pid === undefined ? '-' : String(view.pid),
    noteOf(view),
  ]);
  return columns([HEAD, ...rows]);
}

function noteOf(view: ServiceView): string {
  const waiting = view.waitingFor.length === 0 ? '' : `waits for ${view.waitingFor.join(', ')}; `;
  const about = view.about === undefined || view.state !== 'ready' ? '' : `${view.about}; `;
  const text = `${waiting}${about}${whyOf(view)}`;
  return text.length > MAX_WHY ? `${text.slice(0, MAX_WHY - 1)}…` : text;
}

/** Rows of equal length, each column as wide as its longest cell; the last one is not padded. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_cell, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  '),
  );
}
