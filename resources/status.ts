import { defineResource } from '../src/surface/index.ts';

export const status = defineResource({
  name: 'status',
  title: 'System status',
  description: 'State of the platform: subsystems and counters.',
  uri: 'lightdom://status',
  mimeType: 'application/json',
  read: (_variables, { services }) =>
    Promise.resolve({
      text: JSON.stringify(services.orchestrator.getStatus(), null, 2),
      mimeType: 'application/json',
    }),
  watch: (_variables, { orchestrator: { events }, runs }, changed) => {
    const stops = [
      ...(['initialized', 'started', 'stopped', 'phase', 'status'] as const).map((name) => events.on(name, changed)),
      // Progress of the index is part of the status.
      runs.events.on('changed', ({ kind }) => {
        if (kind === 'graph_index') changed();
      }),
    ];
    return Promise.resolve(() => {
      for (const stop of stops) stop();
    });
  },
});
