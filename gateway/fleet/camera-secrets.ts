import type { CameraRecord } from './camera-record.ts';
import type { StoredCamera } from './camera-store.ts';
import type { SecretBox } from './secret-box.ts';

/** A camera's passwords in the clear; held only while they are used. Empty text means none. */
export interface CameraPasswords {
  onvif: string;
  rtsp: string;
}

/** Seals and opens the passwords of cameras, each bound to its camera and use. */
export class CameraSecrets {
  readonly #box: SecretBox;

  constructor(box: SecretBox) {
    this.#box = box;
  }

  seal(record: CameraRecord, passwords: CameraPasswords): StoredCamera {
    return {
      record,
      sealedOnvifPassword: this.#sealOne(passwords.onvif, `camera ${record.id} onvif`),
      sealedRtspPassword: this.#sealOne(passwords.rtsp, `camera ${record.id} rtsp`),
    };
  }

  /** Throws `secret-unreadable`. */
  open(stored: StoredCamera): CameraPasswords {
    const { record, sealedOnvifPassword, sealedRtspPassword } = stored;
    return {
      onvif:
        sealedOnvifPassword === null ? '' : this.#box.open(sealedOnvifPassword, `camera ${record.id} onvif`),
      rtsp: sealedRtspPassword === null ? '' : this.#box.open(sealedRtspPassword, `camera ${record.id} rtsp`),
    };
  }

  #sealOne(password: string, context: string): string | null {
    return password === '' ? null : this.#box.seal(password, context);
  }
}
