import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CapturedPicture } from './capture.ts';
import type { PictureCapture } from './picture-capture.ts';
import type { PictureFacts } from './quality/picture-facts.ts';
import type { PictureJudge } from './quality/picture-judge.ts';
import type { SnapshotCameras } from './snapshot-cameras.ts';
import type { SnapshotRecorder } from './snapshot-recorder.ts';
import { toSnapshot } from './snapshot-row.ts';

/** A picture on record, and why it has its verdict in plain words; null for `ok`. */
export interface JudgedSnapshot {
  snapshot: Snapshot;
  why: string | null;
}

export interface JudgedRecorderOptions {
  clock: Clock;
  cameras: Pick<SnapshotCameras, 'get'>;
  recorder: SnapshotRecorder;
  capture: PictureCapture;
  judge: PictureJudge;
  lookTimeoutMs: number;
  /** Ends waiting for a second look when the gateway stops. */
  signal: AbortSignal;
  onFault: (message: string) => void;
}

/** Time for one more key frame when a picture looks frozen. */
const LOOK_MS = 8000;

/** Judges pictures and puts them on record with their verdict; remembers them once they are. One for the gateway. */
export class JudgedRecorder {
  readonly #options: JudgedRecorderOptions;
  /** Ends when the last picture of each camera is on record. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(options: JudgedRecorderOptions) {
    this.#options = options;
  }

  /** Undefined when the slot got its picture in the meantime. Throws `storage-failed`. One at a time for each camera. */
  async record(
    cameraId: string,
    picture: CapturedPicture,
    slotMs: number | null,
  ): Promise<JudgedSnapshot | undefined> {
    // What one picture leaves in memory is what the next one is held against.
    const before = this.#last.get(cameraId) ?? Promise.resolve();
    const recorded = before.then(() => this.#judgeAndRecord(cameraId, picture, slotMs));
    const done = recorded.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(cameraId, done);
    try {
      return await recorded;
    } finally {
      if (this.#last.get(cameraId) === done) this.#last.delete(cameraId);
    }
  }

  async #judgeAndRecord(
    cameraId: string,
    picture: CapturedPicture,
    slotMs: number | null,
  ): Promise<JudgedSnapshot | undefined> {
    const { cameras, recorder, judge, onFault } = this.#options;
    const { quality, takenAtMs } = picture;
    // While someone works at the camera, its view is no reference.
    const learns = (cameras.get(cameraId)?.maintenanceUntilMs ?? 0) <= takenAtMs;
    const judged = await judge.judge(cameraId, { ...picture, learns }, () => this.#look(cameraId, picture));
    const { verdict, why } = judged;
    const row = await recorder.record(cameraId, { ...picture, quality: { ...quality, verdict } }, slotMs);
    if (!row) return undefined;
    // The picture counts, even if what is remembered of it should be missing.
    await judged.keep(row.id).catch((error: unknown) => onFault(messageOf(error)));
    return { snapshot: toSnapshot(row), why };
  }

  /** A still has no second look: its bytes differed from the last one's already. */
  async #look(cameraId: string, { source }: CapturedPicture): Promise<PictureFacts | undefined> {
    if (source !== 'keyframe') return undefined;
    const { clock, capture, lookTimeoutMs, signal } = this.#options;
    const timeoutMs = Math.min(LOOK_MS, lookTimeoutMs);
    return capture.look({ cameraId, notBeforeMs: clock.now(), timeoutMs, signal });
  }
}
