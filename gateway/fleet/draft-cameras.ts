import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import { newId } from '../base/new-id.ts';
import type { CameraCheckRequest, ProfileName } from '../contract/camera.ts';
import type { CameraRecord } from './camera-record.ts';
import { newCamera } from './new-camera.ts';
import type { UnsealedCamera } from './new-camera.ts';
import type { OnvifReader } from './read-device.ts';
import { withSignIn } from './with-sign-in.ts';
import type { SignInSource } from './with-sign-in.ts';

/** More checks at once than a page asks for. */
const MAX_DRAFTS = 64;

/** What ingest and checks ask of cameras, registered or not. */
interface ReachableCameras {
  get(id: string): CameraRecord | undefined;
  onvifAccess(id: string): { xaddr: string; username: string; password: string } | undefined;
  revise(id: string, change: (before: CameraRecord) => CameraRecord): Promise<CameraRecord>;
  streamSource(
    id: string,
    profile: ProfileName,
  ): Promise<{ url: string; username: string; password: string; revision: string } | undefined>;
}

/** Cameras that are tried before anyone registers them: in memory only, each for the length of one check. */
export class DraftCameras implements ReachableCameras {
  readonly #clock: Clock;
  readonly #reader: OnvifReader;
  readonly #registered: ReachableCameras;
  readonly #signIns: SignInSource;
  readonly #drafts = new Map<string, UnsealedCamera>();

  readonly #forgotten: Emitter<string>;

  constructor(options: {
    clock: Clock;
    logger: Logger;
    reader: OnvifReader;
    registered: ReachableCameras;
    signIns: SignInSource;
  }) {
    this.#clock = options.clock;
    this.#reader = options.reader;
    this.#registered = options.registered;
    this.#signIns = options.signIns;
    this.#forgotten = new Emitter((error) =>
      options.logger.error({ err: error }, 'a listener of drafts failed'),
    );
  }

  /** Tells the id of each draft that is no more. */
  onForgotten(listener: (draftId: string) => void): Unsubscribe {
    return this.#forgotten.subscribe(listener);
  }

  /** Runs `work` with the id of a draft made of `body`, which is forgotten afterwards. Throws as `newCamera`, and `too-many-requests`. */
  async with<Result>(body: CameraCheckRequest, work: (draftId: string) => Promise<Result>): Promise<Result> {
    if (this.#drafts.size >= MAX_DRAFTS)
      throw new GatewayError('too-many-requests', 'too many checks run at once; wait for some to end');
    const id = newId('draft');
    const named = { ...withSignIn(body, this.#signIns), name: id, projectId: id, position: '' };
    const draft = await newCamera(this.#reader, named, id, this.#clock.now());
    this.#drafts.set(id, draft);
    try {
      return await work(id);
    } finally {
      this.#drafts.delete(id);
      this.#forgotten.emit(id);
    }
  }

  get(id: string): CameraRecord | undefined {
    return this.#drafts.get(id)?.record ?? this.#registered.get(id);
  }

  onvifAccess(id: string): { xaddr: string; username: string; password: string } | undefined {
    const draft = this.#drafts.get(id);
    if (draft === undefined) return this.#registered.onvifAccess(id);
    const { onvif } = draft.record;
    return onvif === null
      ? undefined
      : { xaddr: onvif.xaddr, username: onvif.username, password: draft.passwords.onvif };
  }

  /** What a check learns of a draft is kept as long as the draft. */
  async revise(id: string, change: (before: CameraRecord) => CameraRecord): Promise<CameraRecord> {
    const draft = this.#drafts.get(id);
    if (draft === undefined) return this.#registered.revise(id, change);
    draft.record = change(draft.record);
    return draft.record;
  }

  async streamSource(id: string, profile: ProfileName): ReturnType<ReachableCameras['streamSource']> {
    const draft = this.#drafts.get(id);
    if (draft === undefined) return this.#registered.streamSource(id, profile);
    const { main, sub, username } = draft.record.rtsp;
    const url = profile === 'main' ? main : sub;
    if (url === null) return undefined;
    const password = draft.passwords.rtsp;
    // As a registered camera's: another check with the same sign-in is not another try at a refused password.
    const revision = createHash('sha256')
      .update(JSON.stringify([url, username, password]))
      .digest('base64url');
    return { url, username, password, revision };
  }
}
