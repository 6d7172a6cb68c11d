import type { DiscoveredDevice, DiscoveredProfile } from '../contract/discovery.ts';
import type { OnvifProfile, OnvifReading, OnvifResult } from './onvif-reading.ts';
import type { RtspServer } from './rtsp-probe-session.ts';
import type { FoundDevice } from './ws-discovery/found-device.ts';

/** The entry of a device of which only its answer to a probe is known. */
export function listFound(found: FoundDevice): DiscoveredDevice {
  return {
    endpointId: found.endpointId,
    address: found.address,
    xaddr: found.xaddr,
    vendor: null,
    model: found.hardware,
    firmware: null,
    serial: null,
    mac: null,
    name: found.name,
    registeredCameraId: null,
    auth: 'unknown',
    clockDriftSec: null,
    profiles: [],
    error: null,
    credentialIndex: null,
    credentialSetId: null,
    previewUrl: null,
    certificateSha256: null,
    media: null,
  };
}

/** The entry of a device that answers on its link-local address alone, which cannot be used from elsewhere. */
export function listLinkLocal(found: FoundDevice): DiscoveredDevice {
  const error = `the device answers only at ${found.address}, an address that works on its own cable; give it an IPv4 address`;
  return { ...listFound(found), error };
}

/** The entry of a device that speaks RTSP and no ONVIF: its paths and pictures are not known. */
export function listRtspServer(address: string, url: string, { server, auth }: RtspServer): DiscoveredDevice {
  return { ...listFound({ endpointId: null, address, xaddr: url, name: server, hardware: null }), auth };
}

/** The entry after a reading: what the device told takes the place of what its announcement told. */
export function listRead(before: DiscoveredDevice, result: OnvifResult): DiscoveredDevice {
  return result.ok ? listReading(before, result.reading) : listFailure(before, result);
}

function listReading(before: DiscoveredDevice, reading: OnvifReading): DiscoveredDevice {
  return {
    ...before,
    endpointId: before.endpointId ?? reading.endpointId,
    xaddr: reading.xaddr,
    vendor: reading.vendor,
    model: reading.model ?? before.model,
    firmware: reading.firmware,
    serial: reading.serial,
    mac: reading.mac,
    name: reading.name ?? before.name,
    auth: 'ok',
    clockDriftSec: reading.clockDriftSec,
    profiles: reading.profiles.map(toDiscoveredProfile),
    error: null,
    certificateSha256: reading.certificateSha256,
    media: reading.media,
  };
}

function listFailure(
  unread: DiscoveredDevice,
  failed: Extract<OnvifResult, { ok: false }>,
): DiscoveredDevice {
  const { failure, message, clockDriftSec } = failed;
  const endpointId = unread.endpointId ?? failed.endpointId ?? null;
  const certificateSha256 = failed.certificateSha256 ?? null;
  const before = { ...unread, endpointId, certificateSha256 };
  switch (failure) {
    case 'auth-required':
      return { ...before, auth: 'required', clockDriftSec, error: null };
    case 'auth-failed':
    case 'auth-paused':
      return { ...before, auth: 'rejected', clockDriftSec, error: message };
    case 'unreachable':
    case 'not-onvif':
    case 'protocol-error':
    case 'address-not-allowed':
    case 'certificate-changed':
      return { ...before, auth: 'unknown', clockDriftSec, error: message };
    default:
      return failure satisfies never;
  }
}

function toDiscoveredProfile(profile: OnvifProfile): DiscoveredProfile {
  const { token, name, codec, width, height, fps, bitrateKbps, gopSec } = profile;
  return { token, name, codec, width, height, fps, bitrateKbps, gopSec };
}
