import { defineResource } from '../src/surface/index.ts';
import { GRAPH_PAGE, VIEW_META, VIEW_MIME_TYPE } from '../src/views/index.ts';

export const symbolView = defineResource({
  name: 'symbol_view',
  title: 'Page of a symbol',
  description: 'For hosts that show pages beside answers: a symbol between its callers and what it calls.',
  uri: 'ui://lightdom/graph',
  mimeType: VIEW_MIME_TYPE,
  meta: VIEW_META,
  read: () => Promise.resolve({ text: GRAPH_PAGE, mimeType: VIEW_MIME_TYPE }),
});
