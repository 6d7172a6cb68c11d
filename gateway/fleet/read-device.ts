import { GatewayError } from '../base/gateway-error.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import type { OnvifInput, StreamInfo } from '../contract/camera.ts';
import type { Credentials } from '../contract/discovery.ts';
import type { OnvifProfile, OnvifReading, OnvifResult } from '../discovery/onvif-reading.ts';
import type { CameraRecord } from './camera-record.ts';
import { chooseProfiles } from './choose-profiles.ts';
import { splitRtspAddress } from './rtsp-address.ts';

/** Reads an ONVIF device; implemented by discovery's client. */
export interface OnvifReader {
  read(
    xaddr: string,
    credentials: Credentials | null,
    options?: { certificateSha256?: string | null; endpointId?: string | null },
  ): Promise<OnvifResult>;
}

/** The part of a camera's record that its device tells. */
export type DeviceRecord = Pick<
  CameraRecord,
  'onvif' | 'rtsp' | 'vendor' | 'model' | 'firmware' | 'serial' | 'mac' | 'main' | 'sub' | 'snapshotUri'
>;

/** The error code of each way in which a reading fails. */
export const readingFailureCodes: Record<Extract<OnvifResult, { ok: false }>['failure'], ErrorCode> = {
  unreachable: 'camera-offline',
  'auth-required': 'camera-auth-failed',
  'auth-failed': 'camera-auth-failed',
  'auth-paused': 'camera-auth-paused',
  'not-onvif': 'camera-protocol-error',
  'protocol-error': 'camera-protocol-error',
  'address-not-allowed': 'address-not-allowed',
  'certificate-changed': 'camera-certificate-changed',
};

/** What is known of a device before it is read: the certificate to insist on, and its endpoint id. */
export interface KnownDevice {
  certificateSha256: string | null;
  endpointId: string | null;
}

/**
 * Asks the device at `input.xaddr` for all that its record needs; throws the failure as a GatewayError in plain words,
 * with `certificateSha256` in its details when the device shows another certificate than the known one.
 */
export async function readDevice(
  reader: OnvifReader,
  input: OnvifInput,
  known?: KnownDevice,
): Promise<DeviceRecord> {
  const { username, password } = input;
  const result = await reader.read(input.xaddr, username === '' ? null : { username, password }, known);
  if (result.ok) return deviceRecord(input, result.reading);
  const details = { certificateSha256: result.certificateSha256 ?? null };
  throw new GatewayError(readingFailureCodes[result.failure], result.message, {
    details: result.failure === 'certificate-changed' ? details : {},
  });
}

/** The record of a device that was read: its streams are those asked for by token, else the best. Throws as `chooseProfiles`. */
export function deviceRecord(
  input: Pick<OnvifInput, 'xaddr' | 'username' | 'password' | 'mainProfile' | 'subProfile'>,
  reading: OnvifReading,
): DeviceRecord {
  const { username, password } = input;
  const { main, sub } = chooseProfiles(reading.profiles, { main: input.mainProfile, sub: input.subProfile });
  return {
    onvif: {
      // Where it was read: a device may send its caller from HTTP to HTTPS.
      xaddr: reading.xaddr,
      username,
      hasPassword: password !== '',
      mainProfile: main.token,
      subProfile: sub?.token ?? null,
      endpointId: reading.endpointId,
      certificate:
        reading.certificateSha256 === null ? null : { sha256: reading.certificateSha256, changedTo: null },
      pending: false,
      moved: null,
    },
    rtsp: {
      main: splitRtspAddress(main.rtspUri ?? '').url,
      sub: sub?.rtspUri ? splitRtspAddress(sub.rtspUri).url : null,
      username,
      hasPassword: password !== '',
    },
    vendor: reading.vendor,
    model: reading.model,
    firmware: reading.firmware,
    serial: reading.serial,
    mac: reading.mac,
    main: streamInfoOf(main),
    sub: sub === null ? null : streamInfoOf(sub),
    snapshotUri: main.snapshotUri,
  };
}

function streamInfoOf(profile: OnvifProfile): StreamInfo {
  const { codec, width, height, fps, bitrateKbps, gopSec } = profile;
  return { codec, profile: null, width, height, fps, bitrateKbps, gopSec, audio: null };
}
