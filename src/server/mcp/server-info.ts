import type { Implementation } from '@modelcontextprotocol/server';

/** Three nodes of a graph; small, since every answer of the stateless era carries it. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path stroke="#48c" stroke-width="2" d="M6 18 12 5l6 13z" fill="none"/><g fill="#fb3"><circle cx="12" cy="5" r="3"/><circle cx="6" cy="18" r="3"/><circle cx="18" cy="18" r="3"/></g></svg>';

/** Who this server says it is. */
export function serverInfoOf(version: string): Implementation {
  const src = `data:image/svg+xml;base64,${Buffer.from(ICON).toString('base64')}`;
  return {
    name: 'lightdom',
    title: 'LightDom',
    version,
    icons: [{ src, mimeType: 'image/svg+xml', sizes: ['any'] }],
  };
}
