import { toRfc3339 } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Credentials } from '../contract/discovery.ts';
import type { OnvifReading } from '../discovery/onvif-reading.ts';
import type { CameraRecord } from './camera-record.ts';
import { deviceRecord } from './read-device.ts';

type OnvifRecord = NonNullable<CameraRecord['onvif']>;

/** A camera's ONVIF device with its sign-in, in the form that discovery's operations take. */
export interface CameraDevice {
  xaddr: string;
  credentials: Credentials | null;
  certificateSha256: string | null;
  endpointId: string | null;
}

/** What this needs of the fleet. */
export interface DeviceFleet {
  get(cameraId: string): CameraRecord | undefined;
  onvifAccess(cameraId: string): { xaddr: string; username: string; password: string } | undefined;
  revise(cameraId: string, change: (before: CameraRecord) => CameraRecord): Promise<CameraRecord>;
}

/** The ONVIF devices behind registered cameras: how they are spoken to, which certificate is trusted, where they are. */
export class CameraDevices {
  readonly #clock: Clock;
  readonly #cameras: DeviceFleet;

  constructor({ clock, cameras }: { clock: Clock; cameras: DeviceFleet }) {
    this.#clock = clock;
    this.#cameras = cameras;
  }

  /** Undefined for a camera without ONVIF. Throws `secret-unreadable`. */
  deviceOf(cameraId: string): CameraDevice | undefined {
    const access = this.#cameras.onvifAccess(cameraId);
    const onvif = this.#cameras.get(cameraId)?.onvif;
    if (!access || !onvif) return undefined;
    const { xaddr, username, password } = access;
    return {
      xaddr,
      credentials: username === '' ? null : { username, password },
      certificateSha256: onvif.certificate?.sha256 ?? null,
      endpointId: onvif.endpointId,
    };
  }

  /** Keeps the certificate that the camera shows instead of the accepted one; null: it shows the accepted one. */
  async noteCertificate(cameraId: string, changedTo: string | null): Promise<void> {
    const certificate = this.#onvif(cameraId).certificate;
    if (!certificate || certificate.changedTo === changedTo) return;
    await this.#change(cameraId, { certificate: { ...certificate, changedTo } });
  }

  /** Trusts the certificate that the camera shows now. Throws `not-found`, or `conflict` when it is not the one noted. */
  async acceptCertificate(cameraId: string, sha256: string): Promise<void> {
    const { certificate } = this.#onvif(cameraId);
    if (certificate?.sha256 === sha256 && certificate.changedTo === null) return;
    if (certificate?.changedTo !== sha256) {
      throw new GatewayError(
        'conflict',
        'the camera has not shown this certificate: check the camera again and accept the one that it shows',
      );
    }
    await this.#change(cameraId, { certificate: { sha256, changedTo: null } });
  }

  /** Takes a device's reading at a new address as this camera's; the caller has seen that it is the same device. */
  async relocate(cameraId: string, reading: OnvifReading): Promise<CameraRecord> {
    const known = this.#onvif(cameraId);
    const { username, hasPassword, xaddr: from } = known;
    const moved = { from, at: toRfc3339(this.#clock.now()) };
    const input = { ...profilesKept(known, reading), xaddr: reading.xaddr, username, password: '' };
    const { onvif, rtsp, ...told } = deviceRecord(input, reading);
    return this.#cameras.revise(cameraId, (before) => ({
      ...before,
      ...told,
      rtsp: { ...rtsp, hasPassword },
      onvif: onvif && {
        ...onvif,
        hasPassword,
        endpointId: onvif.endpointId ?? known.endpointId,
        certificate: known.certificate ?? onvif.certificate,
        moved,
      },
    }));
  }

  #onvif(cameraId: string): OnvifRecord {
    const camera = this.#cameras.get(cameraId);
    if (!camera) throw new GatewayError('not-found', `there is no camera ${cameraId}`);
    if (!camera.onvif) {
      throw new GatewayError(
        'camera-unsupported',
        `${camera.name} was registered by its RTSP address: without ONVIF the gateway can only show its picture`,
      );
    }
    return camera.onvif;
  }

  async #change(cameraId: string, change: Partial<OnvifRecord>): Promise<void> {
    await this.#cameras.revise(cameraId, (before) => ({
      ...before,
      onvif: before.onvif && { ...before.onvif, ...change },
    }));
  }
}

/** The profiles in use, where the device still has them. */
function profilesKept(
  { mainProfile, subProfile }: OnvifRecord,
  { profiles }: OnvifReading,
): { mainProfile?: string; subProfile?: string } {
  const has = (token: string | null): token is string =>
    token !== null && profiles.some((profile) => profile.token === token && profile.rtspUri !== null);
  return {
    ...(has(mainProfile) && { mainProfile }),
    ...(has(mainProfile) && has(subProfile) && { subProfile }),
  };
}
