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

/** Starts a demo site of `count` cameras and registers those it finds; `copies` more of each by their RTSP addresses, which the gateway takes for cameras of their own. */
export async function registeredSite(count: number, copies = 0): Promise<RegisteredSite> {
  // Below the ports that systems hand out, and apart from those of other test runs on the machine.
  const basePort = 20_000 + (process.pid % 300) * 40;
  const gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: await freePort() } },
    demo: { cameras: count, basePort },
    discovery: { interfaces: ['lo'] },
  });
  const api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  // By address: on a shared machine the search by multicast also finds other runs' cameras.
  const hosts = Array.from({ length: count }, (_, index) => `127.0.0.1:${basePort + index * 2}`);
  const body = { method: 'host', hosts, timeoutSec: 10 };
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
  const login = { username: 'admin', password: 'gantry-demo' };
  const add = async (source: object): Promise<Camera> => {
    const fields = { name: `机位 ${cameras.length + 1}`, projectId: project.id, position: '', ...source };
    const camera = await api.must<Camera>('POST', '/api/v1/cameras', fields);
    cameras.push(camera);
    return camera;
  };
  for (const { xaddr } of job.devices) {
    const { rtsp } = await add({ onvif: { xaddr, ...login } });
    for (let copy = 0; copy < copies; copy += 1)
      await add({ rtsp: { main: rtsp.main, sub: rtsp.sub, ...login } });
  }
  return { gateway, api, cameras };
}
