import { openAppClient } from './app-client.ts';
import type { AppClient } from './app-client.ts';
import { createServiceFolder } from './service-folder.ts';

/** A client of a system that keeps the services of `createServiceFolder`; their folder is gone once it is closed. */
export async function openServiceClient(): Promise<AppClient> {
  const folder = createServiceFolder();
  const app = await openAppClient({ isIndexed: false, workspace: folder.path, manifest: folder.manifest });
  const close = async (): Promise<void> => {
    await app.close();
    folder.remove();
  };
  return { ...app, close };
}
