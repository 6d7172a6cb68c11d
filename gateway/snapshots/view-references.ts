import type { Blobs } from '../base/blobs.ts';
import { toRfc3339 } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { ViewReference } from '../contract/reference.ts';
import { measurePicture } from './picture-measure.ts';
import type { PictureJudge } from './quality/picture-judge.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** The pictures that views are held against, as a technician sees and confirms them. One for the gateway. */
export class ViewReferences {
  readonly #blobs: Blobs;
  readonly #store: SnapshotStore;
  readonly #judge: PictureJudge;

  constructor(options: { blobs: Blobs; store: SnapshotStore; judge: PictureJudge }) {
    this.#blobs = options.blobs;
    this.#store = options.store;
    this.#judge = options.judge;
  }

  async get(cameraId: string): Promise<ViewReference> {
    const views = await this.#judge.references(cameraId);
    const [first] = views;
    return {
      cameraId,
      confirmed: first?.confirmed ?? false,
      snapshotId: first?.snapshotId ?? null,
      takenAt: first ? toRfc3339(first.takenAtMs) : null,
      learnt: views.filter((view) => !view.confirmed).length,
    };
  }

  /** Throws `not-found` for a picture that is not this camera's, `bad-request` for one that shows nothing. */
  async confirm(cameraId: string, snapshotId: string): Promise<ViewReference> {
    const row = await this.#store.get(snapshotId);
    if (!row || row.camera_id !== cameraId)
      throw new GatewayError('not-found', `this camera has no snapshot ${snapshotId}`);
    const jpeg = await this.#blobs.get(row.blob_key);
    if (!jpeg)
      throw new GatewayError(
        'storage-failed',
        `the file of snapshot ${snapshotId} is missing; verify the camera’s record and restore it from a backup`,
      );
    const { facts, quality } = await measurePicture(Buffer.from(jpeg));
    if (quality.verdict === 'black' || quality.verdict === 'overexposed' || quality.verdict === 'covered')
      throw new GatewayError(
        'bad-request',
        'this picture shows nothing of the site: choose one on which the view is clearly seen',
      );
    await this.#judge.confirm(cameraId, facts, { snapshotId, takenAtMs: row.taken_at_ms });
    return this.get(cameraId);
  }

  /** Forgets the references; the next good picture becomes the new one. */
  forget(cameraId: string): Promise<void> {
    return this.#judge.forgetReferences(cameraId);
  }
}
