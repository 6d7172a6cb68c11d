import { GatewayError } from '../base/gateway-error.ts';
import type { ClockSet, PtzOrder, PtzState } from '../contract/camera-control.ts';
import type { OnvifFailure } from '../discovery/onvif-reading.ts';
import type { CameraDevice, CameraDevices } from './camera-devices.ts';
import type { CameraRecord } from './camera-record.ts';
import { readingFailureCodes } from './read-device.ts';

type Refusal = {
  ok: false;
  failure: OnvifFailure | 'not-supported';
  message: string;
  certificateSha256?: string | null;
};
type Outcome<Told = unknown> = ({ ok: true } & Told) | Refusal;

/** What discovery does to devices on request. */
export interface DeviceControl {
  ptzCapabilities(device: CameraDevice): Promise<Outcome<PtzState>>;
  nudge(
    device: CameraDevice,
    move: { pan: number; tilt: number; zoom: number; ms: number },
  ): Promise<Outcome>;
  gotoPreset(device: CameraDevice, preset: string): Promise<Outcome>;
  setClock(device: CameraDevice): Promise<Outcome<ClockSet>>;
}

interface ControlParts {
  cameras: { get(cameraId: string): CameraRecord | undefined };
  devices: CameraDevices;
  control: DeviceControl;
}

/** What people may have a registered camera do; lives as long as the gateway. */
export class CameraControl {
  readonly #cameras: ControlParts['cameras'];
  readonly #devices: CameraDevices;
  readonly #control: DeviceControl;

  constructor({ cameras, devices, control }: ControlParts) {
    this.#cameras = cameras;
    this.#devices = devices;
    this.#control = control;
  }

  /** Whether the camera can be turned; one without ONVIF cannot. Throws as `move`. */
  async ptz(cameraId: string): Promise<PtzState> {
    if (!this.#devices.deviceOf(cameraId)) return { supported: false, presets: [] };
    const told = await this.#ask(cameraId, (device) => this.#control.ptzCapabilities(device));
    return { supported: told.supported, presets: told.presets };
  }

  /**
   * Moves and stops, or turns to a preset; resolves when the camera has confirmed. Throws `camera-unsupported` (no PTZ),
   * `camera-offline`, `camera-auth-failed`, `camera-auth-paused`, `camera-protocol-error`, `camera-certificate-changed`.
   */
  async move(cameraId: string, order: PtzOrder): Promise<void> {
    await this.#ask(cameraId, (device) =>
      'preset' in order ? this.#control.gotoPreset(device, order.preset) : this.#control.nudge(device, order),
    );
  }

  /** Sets the camera's clock to the gateway's. Throws as `move`. */
  async setClock(cameraId: string): Promise<ClockSet> {
    const { clockDriftSec, ntpEnded } = await this.#ask(cameraId, (device) => this.#control.setClock(device));
    return { clockDriftSec, ntpEnded };
  }

  acceptCertificate(cameraId: string, sha256: string): Promise<void> {
    return this.#devices.acceptCertificate(cameraId, sha256);
  }

  async #ask<Told>(
    cameraId: string,
    task: (device: CameraDevice) => Promise<Outcome<Told>>,
  ): Promise<{ ok: true } & Told> {
    const device = this.#devices.deviceOf(cameraId);
    if (!device) {
      const name = this.#cameras.get(cameraId)?.name ?? cameraId;
      const message = `${name} was registered by its RTSP address: without ONVIF the gateway can only show its picture`;
      throw new GatewayError('camera-unsupported', message);
    }
    const outcome = await task(device);
    if (outcome.ok) return outcome;
    const { failure, message, certificateSha256 } = outcome;
    if (failure === 'certificate-changed' && certificateSha256)
      await this.#devices.noteCertificate(cameraId, certificateSha256);
    const code = failure === 'not-supported' ? 'camera-unsupported' : readingFailureCodes[failure];
    throw new GatewayError(code, message);
  }
}
