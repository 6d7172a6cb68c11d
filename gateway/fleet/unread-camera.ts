import type { CameraCreate } from '../contract/camera.ts';
import type { CameraRecord } from './camera-record.ts';
import { handMadeDevice } from './new-camera.ts';
import type { UnsealedCamera } from './new-camera.ts';

const UNTOLD = {
  vendor: null,
  model: null,
  firmware: null,
  serial: null,
  mac: null,
  main: null,
  sub: null,
  snapshotUri: null,
};

/**
 * The record of a camera taken from a list as it stands there: nothing is contacted. An ONVIF one is `pending`: its
 * streams become known when it is first wanted, which for the prober is within seconds.
 */
export function unreadCamera(body: CameraCreate, id: string, nowMs: number): UnsealedCamera {
  const settings = {
    id,
    name: body.name,
    projectId: body.projectId,
    position: body.position,
    enabled: body.enabled ?? true,
    maintenanceUntilMs: null,
    ingestMode: body.ingestMode ?? null,
    schedule: body.schedule ?? null,
    createdAtMs: nowMs,
  } satisfies Partial<CameraRecord>;
  if (!body.onvif) {
    const { device, passwords } = handMadeDevice(body.rtsp ?? { main: '' });
    return { record: { ...settings, ...device }, passwords };
  }
  const { xaddr, username, password } = body.onvif;
  const shared = { username, hasPassword: password !== '' };
  return {
    record: {
      ...settings,
      ...UNTOLD,
      onvif: {
        ...shared,
        xaddr,
        mainProfile: null,
        subProfile: null,
        endpointId: null,
        certificate: null,
        pending: true,
        moved: null,
      },
      rtsp: { ...shared, main: '', sub: null },
    },
    passwords: { onvif: password, rtsp: password },
  };
}
