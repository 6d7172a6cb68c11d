import { GatewayError } from '../base/gateway-error.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import type { OnvifInput, StreamInfo } from '../contract/camera.ts';
import type { Credentials } from '../contract/discovery.ts';
import type { OnvifProfile, OnvifResult } from '../discovery/onvif-reading.ts';
import type { CameraRecord } from './camera-record.ts';
import { chooseProfiles } from './choose-profiles.ts';
import { splitRtspAddress } from './rtsp-address.ts';

/** Reads an ONVIF device; implemented by discovery's client. */
export interface OnvifReader {
  read(xaddr: string, credentials: Credentials | null): Promise<OnvifResult>;
}

/** The part of a camera's record that its device tells. */
export type DeviceRecord = Pick<
  CameraRecord,
  'onvif' | 'rtsp' | 'vendor' | 'model' | 'firmware' | 'serial' | 'mac' | 'main' | 'sub' | 'snapshotUri'
>;

const failureCodes: Record<Extract<OnvifResult, { ok: false }>['failure'], ErrorCode> = {
  unreachable: 'camera-offline',
  'auth-required': 'camera-auth-failed',
  'auth-failed': 'camera-auth-failed',
  'auth-paused': 'camera-auth-paused',
  'not-onvif': 'camera-protocol-error',
  'protocol-error': 'camera-protocol-error',
  'address-not-allowed': 'address-not-allowed',
  'certificate-changed': 'camera-protocol-error',
};

/** Asks the device at `input.xaddr` for all that its record needs; throws the failure as a GatewayError in plain words. */
export async function readDevice(reader: OnvifReader, input: OnvifInput): Promise<DeviceRecord> {
  const { username, password } = input;
  const result = await reader.read(input.xaddr, username === '' ? null : { username, password });
  if (!result.ok) throw new GatewayError(failureCodes[result.failure], result.message);
  const { reading } = result;
  const { main, sub } = chooseProfiles(reading.profiles, { main: input.mainProfile, sub: input.subProfile });
  return {
    onvif: {
      xaddr: input.xaddr,
      username,
      hasPassword: password !== '',
      mainProfile: main.token,
      subProfile: sub?.token ?? null,
      endpointId: reading.endpointId,
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
