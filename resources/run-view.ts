import { defineResource } from '../src/surface/index.ts';
import { RUN_PAGE, VIEW_META, VIEW_MIME_TYPE } from '../src/views/index.ts';

export const runView = defineResource({
  name: 'run_view',
  title: 'Page of a run',
  description: 'For hosts that show pages beside answers: a run as it goes on.',
  uri: 'ui://lightdom/run',
  mimeType: VIEW_MIME_TYPE,
  meta: VIEW_META,
  read: () => Promise.resolve({ text: RUN_PAGE, mimeType: VIEW_MIME_TYPE }),
});
