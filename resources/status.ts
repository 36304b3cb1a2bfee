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
});
