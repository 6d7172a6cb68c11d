import { GatewayError } from '../base/gateway-error.ts';
import type { CameraPatch, OnvifInput, RtspInput } from '../contract/camera.ts';
import type { CameraRecord } from './camera-record.ts';
import type { CameraPasswords } from './camera-secrets.ts';
import type { UnsealedCamera } from './new-camera.ts';
import { readDevice } from './read-device.ts';
import type { KnownDevice, OnvifReader } from './read-device.ts';
import { splitRtspAddress } from './rtsp-address.ts';

/** The record with the body's changes; what the body leaves out stays, passwords too. Throws as `readDevice`. */
export async function applyCameraPatch(
  reader: OnvifReader,
  before: CameraRecord,
  passwords: CameraPasswords,
  body: CameraPatch,
): Promise<UnsealedCamera> {
  const renamed: UnsealedCamera = { record: withSettings(before, body), passwords };
  const read = body.onvif ? await withOnvif(reader, renamed, body.onvif) : renamed;
  return body.rtsp ? withRtsp(read, body.rtsp) : read;
}

function withSettings(before: CameraRecord, body: CameraPatch): CameraRecord {
  return {
    ...before,
    name: body.name ?? before.name,
    projectId: body.projectId ?? before.projectId,
    position: body.position ?? before.position,
    enabled: body.enabled ?? before.enabled,
    schedule: body.schedule === undefined ? before.schedule : body.schedule,
    ingestMode: body.ingestMode === undefined ? before.ingestMode : body.ingestMode,
    maintenanceUntilMs:
      body.maintenanceUntil === undefined
        ? before.maintenanceUntilMs
        : body.maintenanceUntil === null
          ? null
          : Date.parse(body.maintenanceUntil),
  };
}

async function withOnvif(
  reader: OnvifReader,
  before: UnsealedCamera,
  change: Partial<OnvifInput>,
): Promise<UnsealedCamera> {
  const known = before.record.onvif;
  refuseOldPasswordElsewhere(known?.xaddr, change.xaddr, change.password, before.passwords.onvif);
  const input: OnvifInput = {
    xaddr: change.xaddr ?? known?.xaddr ?? '',
    username: change.username ?? known?.username ?? '',
    password: change.password ?? before.passwords.onvif,
    mainProfile: change.mainProfile ?? known?.mainProfile ?? undefined,
    subProfile: change.subProfile ?? known?.subProfile ?? undefined,
  };
  const device = await readDevice(reader, input, pinOf(before.record, input.xaddr));
  return {
    record: { ...before.record, ...device },
    passwords: { onvif: input.password, rtsp: input.password },
  };
}

function withRtsp(before: UnsealedCamera, change: Partial<RtspInput>): UnsealedCamera {
  const known = before.record.rtsp;
  const main = change.main === undefined ? null : splitRtspAddress(change.main);
  const given = change.password ?? main?.password ?? undefined;
  for (const url of [change.main, change.sub]) {
    refuseOldPasswordElsewhere(known.main, url, given, before.passwords.rtsp);
  }
  const password = given ?? before.passwords.rtsp;
  return {
    record: {
      ...before.record,
      rtsp: {
        main: main?.url ?? known.main,
        sub:
          change.sub === undefined
            ? known.sub
            : change.sub === null
              ? null
              : splitRtspAddress(change.sub).url,
        username: change.username ?? main?.username ?? known.username,
        hasPassword: password !== '',
      },
      // What was measured of the old stream is not true of a new one.
      main: main === null ? before.record.main : null,
      sub: change.sub === undefined ? before.record.sub : null,
    },
    passwords: { ...before.passwords, rtsp: password },
  };
}

/** The accepted certificate counts as long as the camera stays on its host. */
function pinOf({ onvif }: CameraRecord, xaddr: string): KnownDevice | undefined {
  if (!onvif || !URL.canParse(xaddr) || new URL(xaddr).host !== new URL(onvif.xaddr).host) return undefined;
  return { certificateSha256: onvif.certificate?.sha256 ?? null, endpointId: onvif.endpointId };
}

/** A stored password is never sent to another host than the one it was entered for. Throws `bad-request`. */
function refuseOldPasswordElsewhere(
  oldUrl: string | undefined,
  newUrl: string | null | undefined,
  newPassword: string | undefined,
  oldPassword: string,
): void {
  if (oldUrl === undefined || !newUrl || newPassword !== undefined || oldPassword === '') return;
  if (URL.canParse(newUrl) && new URL(newUrl).hostname !== new URL(oldUrl).hostname) {
    throw new GatewayError('bad-request', 'the address names another host: enter the password again with it');
  }
}
