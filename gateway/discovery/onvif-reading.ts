import type { DiscoveredProfile } from '../contract/discovery.ts';

/** One media profile with where its stream and picture are. URIs carry no credentials. */
export interface OnvifProfile extends DiscoveredProfile {
  rtspUri: string | null;
  snapshotUri: string | null;
  /** True when it came from Media2 (ver20). */
  media2: boolean;
}

/** All that registration wants to know of a device. */
export interface OnvifReading {
  xaddr: string;
  endpointId: string | null;
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  serial: string | null;
  mac: string | null;
  name: string | null;
  /** Camera time minus gateway time, seconds; null when it would not tell. */
  clockDriftSec: number | null;
  hasPtz: boolean;
  /** The media service that was believed; null when neither spoke. */
  media: 'media1' | 'media2' | null;
  /** SHA-256 of the certificate it showed, lower-case hex; null over plain HTTP. */
  certificateSha256: string | null;
  profiles: OnvifProfile[];
}

/** Why a device could not be used. `auth-required`: it wants credentials and none were given. */
export type OnvifFailure =
  | 'unreachable'
  | 'auth-required'
  | 'auth-failed'
  | 'auth-paused'
  | 'not-onvif'
  | 'protocol-error'
  | 'address-not-allowed'
  | 'certificate-changed';

/** Outcome of reading a device: the failure is for people as it stands. */
export type OnvifResult =
  | { ok: true; reading: OnvifReading }
  | {
      ok: false;
      failure: OnvifFailure;
      message: string;
      /** What was learnt before the failure. */
      clockDriftSec: number | null;
      /** The certificate shown, if any (SHA-256, lower-case hex): with `certificate-changed`, the new one. */
      certificateSha256?: string | null;
      /** Which device it is, where it told that without a sign-in. */
      endpointId?: string | null;
      /** Where on its own host the device sent its caller, as with HTTP that is answered over HTTPS alone. */
      movedTo?: string | null;
    };
