import type { Camera } from '../../gateway/contract/camera.ts';
import type { DiscoveryJob } from '../../gateway/contract/discovery.ts';
import { ApiClient, eventually } from './api-client.ts';
import { GatewayProcess, freePort } from './gateway-process.ts';

/** A gateway on the demo site with its cameras registered by the API; lives until `gateway.remove`. */
export interface RegisteredSite {
  gateway: GatewayProcess;
  api: ApiClient;
  cameras: Camera[];
}

/** Starts a demo site of `count` cameras and registers those it finds, each `places` times. */
export async function registeredSite(count: number, places = 1): Promise<RegisteredSite> {
  const gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: await freePort() } },
    demo: { cameras: count, basePort: 0 },
    discovery: { interfaces: ['lo'] },
  });
  const api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  const credentials = [{ username: 'admin', password: 'gantry-demo' }];
  const body = { method: 'multicast', timeoutSec: 4, credentials };
  const { id } = await api.must<{ id: string }>('POST', '/api/v1/discovery', body);
  const job = await eventually('the search', 30_000, async () => {
    const told = await api.get<DiscoveryJob>(`/api/v1/discovery/${id}`);
    return told.state === 'running' ? undefined : told;
  });
  const project = await api.must<{ id: string }>('POST', '/api/v1/projects', {
    name: '医院',
    district: '东',
  });
  const cameras: Camera[] = [];
  for (let place = 0; place < places; place += 1) {
    for (const { xaddr } of job.devices) {
      const name = `机位 ${cameras.length + 1}`;
      const onvif = { xaddr, username: 'admin', password: 'gantry-demo' };
      const fields = { name, projectId: project.id, position: '', onvif };
      cameras.push(await api.must<Camera>('POST', '/api/v1/cameras', fields));
    }
  }
  return { gateway, api, cameras };
}
