import { delay } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import { sha256Of } from './chain-hash.ts';
import type { CameraStills, Capture, CaptureWish } from './capture.ts';
import { measureCopy, measuringCopy } from './picture-measure.ts';
import { storedThumb } from './picture-renditions.ts';
import { stillSize } from './still-size.ts';

const AGAIN_MS = 1500;

/**
 * Takes pictures by the cameras' snapshot URI, the last way. The request begins after the slot; a camera that hands out
 * the same bytes as before hands out an old picture (no two pictures of a sensor are equal), and that does not count.
 */
export class StillCapture {
  readonly #clock: Clock;
  readonly #stills: CameraStills;
  /** SHA-256 of the still that each camera gave last. */
  readonly #last = new Map<string, string>();

  constructor(options: { clock: Clock; stills: CameraStills }) {
    this.#clock = options.clock;
    this.#stills = options.stills;
  }

  /** Null for a camera without snapshot URI. */
  async take({ cameraId, notBeforeMs, signal }: CaptureWish): Promise<Capture | null> {
    for (let tries = 0; ; tries += 1) {
      if (this.#clock.now() < notBeforeMs) return null;
      const still = await this.#stills.fetch(cameraId, signal);
      if (!still || !still.ok) return still;
      const takenAtMs = this.#clock.now();
      const hash = sha256Of(still.jpeg);
      if (this.#last.get(cameraId) !== hash) {
        this.#last.set(cameraId, hash);
        return develop(still.jpeg, takenAtMs);
      }
      if (tries > 0)
        return { ok: false, reason: 'no-frames', message: 'the camera hands out an old picture' };
      await delay(this.#clock, AGAIN_MS, signal);
    }
  }
}

async function develop(jpeg: Buffer, takenAtMs: number): Promise<Capture> {
  const size = await stillSize(jpeg);
  if (!size) return { ok: false, reason: 'damaged', message: 'the camera’s own still is no whole picture' };
  const copy = await measuringCopy(jpeg);
  const { quality, facts, damaged } = await measureCopy(copy);
  if (damaged)
    return { ok: false, reason: 'damaged', message: 'parts of the camera’s own still are missing' };
  const thumb = await storedThumb(jpeg, size.width, copy);
  return { ok: true, picture: { jpeg, ...size, takenAtMs, source: 'onvif', quality, facts, thumb } };
}
