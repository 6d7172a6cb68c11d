import { join } from 'node:path';
import type { Camera } from '../../gateway/contract/camera.ts';
import { startSite, stopSite } from '../unit/demo-site/running-site.ts';
import type { RunningSite } from '../unit/demo-site/running-site.ts';
import { ApiClient } from './api-client.ts';
import { GatewayProcess } from './gateway-process.ts';

const clips = join(import.meta.dirname, '../../.cache/demo-site-fast');

/** A demo site with small pictures and a gateway, two programs, with all cameras registered by their RTSP addresses; remove it after the test. */
export interface WatchedSite {
  site: RunningSite;
  gateway: GatewayProcess;
  api: ApiClient;
  cameras: Camera[];
  /** An API token that may see all. */
  token: string;
  remove(): Promise<void>;
}

/** Starts both and registers `cameras`; where there are more than the site has, the same camera is registered again. */
export async function watchedSite(options: {
  siteCameras: number;
  cameras?: number;
  /** Registers the site's cameras of this codec only. */
  codec?: string;
  config?: Record<string, unknown>;
}): Promise<WatchedSite> {
  const site = await startSite(clips, options.siteCameras);
  const gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: 0 } },
    ...options.config,
  });
  const api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  const project = await api.must<{ id: string }>('POST', '/api/v1/projects', { name: '市人民医院东院区' });
  const cameras: Camera[] = [];
  const chosen = site.cameras.filter(({ codec }) => options.codec === undefined || codec === options.codec);
  for (let index = 0; index < (options.cameras ?? options.siteCameras); index += 1) {
    const told = chosen[index % chosen.length];
    const rtsp = {
      main: told?.rtspMain,
      sub: told?.rtspSub,
      username: 'admin',
      password: 'gantry-demo',
    };
    const body = { name: `机位 ${index + 1}`, projectId: project.id, rtsp };
    cameras.push(await api.must<Camera>('POST', '/api/v1/cameras', body));
  }
  const { secret } = await api.must<{ secret: string }>('POST', '/api/v1/tokens', {
    name: 'player',
    role: 'admin',
  });
  const remove = async (): Promise<void> => {
    await gateway.remove();
    await stopSite(site);
  };
  return { site, gateway, api, cameras, token: secret, remove };
}
