import { GatewayError } from '../base/gateway-error.ts';
import type { CameraCreate, RtspInput } from '../contract/camera.ts';
import type { CameraRecord } from './camera-record.ts';
import type { CameraPasswords } from './camera-secrets.ts';
import { readDevice } from './read-device.ts';
import type { DeviceRecord, OnvifReader } from './read-device.ts';
import { splitRtspAddress } from './rtsp-address.ts';

/** A camera ready to be stored. */
export interface UnsealedCamera {
  record: CameraRecord;
  passwords: CameraPasswords;
}

/** Makes the record of a new camera from the API's body, asking the device when it is an ONVIF one. Throws as `readDevice`. */
export async function newCamera(
  reader: OnvifReader,
  body: CameraCreate,
  id: string,
  nowMs: number,
): Promise<UnsealedCamera> {
  const { device, passwords } = await deviceOf(reader, body);
  return {
    record: {
      id,
      name: body.name,
      projectId: body.projectId,
      position: body.position,
      enabled: body.enabled ?? true,
      maintenanceUntilMs: body.maintenanceUntil ? Date.parse(body.maintenanceUntil) : null,
      ingestMode: body.ingestMode ?? null,
      schedule: body.schedule ?? null,
      ...device,
      createdAtMs: nowMs,
    },
    passwords,
  };
}

async function deviceOf(
  reader: OnvifReader,
  body: CameraCreate,
): Promise<{ device: DeviceRecord; passwords: CameraPasswords }> {
  if (body.onvif) {
    const device = await readDevice(reader, body.onvif);
    return { device, passwords: { onvif: body.onvif.password, rtsp: body.onvif.password } };
  }
  if (body.rtsp) return handMadeDevice(body.rtsp);
  throw new GatewayError('bad-request', 'give either onvif or rtsp');
}

/** A camera as it was typed in. Throws `bad-request`. */
export function handMadeDevice(input: RtspInput): { device: DeviceRecord; passwords: CameraPasswords } {
  const main = splitRtspAddress(input.main);
  const sub = input.sub ? splitRtspAddress(input.sub) : null;
  const password = input.password ?? main.password ?? '';
  return {
    device: {
      onvif: null,
      rtsp: {
        main: main.url,
        sub: sub?.url ?? null,
        username: input.username ?? main.username ?? '',
        hasPassword: password !== '',
      },
      vendor: null,
      model: null,
      firmware: null,
      serial: null,
      mac: null,
      main: null,
      sub: null,
      snapshotUri: null,
    },
    passwords: { onvif: '', rtsp: password },
  };
}
