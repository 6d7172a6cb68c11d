/** A program: a whole gateway meets one foreign device, from the search to the live picture; prints what came of each step. */
import type { Camera, CameraCheck } from '../../gateway/contract/camera.ts';
import type { DiscoveryJob } from '../../gateway/contract/discovery.ts';
import { systemClock as clock } from '../../gateway/base/clock.ts';
import { NetworkGuard } from '../../gateway/base/network-guard.ts';
import { silentLogger as logger } from '../../gateway/base/logger.ts';
import { OnvifClient } from '../../gateway/discovery/onvif/onvif-client.ts';
import { OnvifControl } from '../../gateway/discovery/onvif/onvif-control.ts';
import { ApiClient, eventually } from './api-client.ts';
import { GatewayProcess, freePort } from './gateway-process.ts';

const login = JSON.parse(process.argv[2] ?? '{}') as { username: string; password: string };
const gateway = await GatewayProcess.start(
  { http: { port: 0 }, mqtt: { embedded: { port: await freePort() } } },
  ['--no-demo'],
);
const told: Record<string, unknown> = {};
try {
  const api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  const request = { method: 'multicast', timeoutSec: 3, credentials: [login] };
  const { id } = await api.must<{ id: string }>('POST', '/api/v1/discovery', request);
  const job = await eventually('the search', 30_000, async () => {
    const search = await api.get<DiscoveryJob>(`/api/v1/discovery/${id}`);
    return search.state === 'running' ? undefined : search;
  });
  told['devices'] = job.devices;
  const [device] = job.devices;
  if (!device) throw new Error('no device answered');
  const preview = await api.fetch(device.previewUrl ?? '/none');
  told['preview'] = preview.headers.get('content-type');
  const project = await api.must<{ id: string }>('POST', '/api/v1/projects', {
    name: '医院',
    district: '东',
  });
  const body = {
    name: '外来',
    projectId: project.id,
    position: '',
    onvif: { xaddr: device.xaddr, ...login },
  };
  const camera = await api.must<Camera>('POST', '/api/v1/cameras', body);
  told['camera'] = { main: camera.main, rtsp: camera.rtsp, hasPassword: camera.onvif?.hasPassword };
  told['check'] = await api.must<CameraCheck>('POST', `/api/v1/cameras/${camera.id}/check`, {});
  const playlist = await api.fetch(`/live/${camera.id}/main/stream.m3u8`);
  told['playlist'] = (await playlist.text()).match(/#EXT-X-MAP|#EXT-X-PART:/g)?.slice(0, 2);
  const guard = new NetworkGuard(['10.0.0.0/8']);
  const control = new OnvifControl({ clock, access: new OnvifClient({ clock, guard, logger }).access });
  const named = { xaddr: device.xaddr, credentials: login };
  told['ptz'] = await control.ptzCapabilities(named);
  told['nudge'] = await control.nudge(named, { pan: 0.5, tilt: 0, zoom: 0, ms: 200 });
} catch (error) {
  told['error'] = String(error);
} finally {
  await gateway.remove();
}
process.stdout.write(`${JSON.stringify(told)}\n`);
