import type { DemoCamera, ProfileName } from '../demo-camera.ts';
import { aacPayload } from '../rtp/aac-payload.ts';
import { h264Payloads } from '../rtp/h264-payloads.ts';
import { h265Payloads } from '../rtp/h265-payloads.ts';
import type { MediaSession } from '../rtsp/media-session.ts';

/** A camera with the viewers it has now. */
export interface SentCamera {
  camera: DemoCamera;
  sessions: () => Iterable<MediaSession>;
}

const tickMs = 10;
const aacFrameSamples = 1024;

/** A camera that lacks the time sends the first frames of each group alone, so that what comes can be decoded. */
function isLeftOut({ fault }: DemoCamera, place: number, gop: number): boolean {
  return fault.kind === 'lowFps' && place >= Math.max(1, fault.share * gop);
}

/** Sends every camera's pictures and sound to their viewers, each at its time by the machine's clock; one timer for all. */
export class Sender {
  private readonly cameras: readonly SentCamera[];
  private readonly next = new Map<DemoCamera, Record<ProfileName | 'sound', number>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(cameras: readonly SentCamera[]) {
    this.cameras = cameras;
  }

  start(): void {
    this.timer = setInterval(() => this.tick(Date.now()), tickMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Sends all that is due by `nowMs`. */
  tick(nowMs: number): void {
    for (const { camera, sessions } of this.cameras) {
      const playing = [...sessions()].filter((session) => session.playing);
      const next = this.next.get(camera) ?? { main: -1, sub: -1, sound: -1 };
      this.next.set(camera, next);
      for (const profile of ['main', 'sub'] as const) {
        next[profile] = this.sendPictures(camera, profile, playing, next[profile], nowMs);
      }
      next.sound = this.sendSound(camera, playing, next.sound, nowMs);
      const audioUnits = (nowMs * (camera.sound?.sampleRate ?? 0)) / 1000;
      for (const session of playing)
        session.reportIfDue(nowMs, this.videoUnits(camera, session.profile, nowMs), audioUnits);
    }
  }

  private videoUnits(camera: DemoCamera, profile: ProfileName, nowMs: number): number {
    return (nowMs - camera.videos[profile].dueMs(0)) * 90;
  }

  private sendPictures(
    camera: DemoCamera,
    profile: ProfileName,
    playing: MediaSession[],
    due: number,
    nowMs: number,
  ): number {
    const viewers = playing.filter((session) => session.profile === profile);
    if (viewers.length === 0) return -1;
    const video = camera.videos[profile];
    const now = video.frameNumberAt(nowMs);
    let n = due === -1 || now - due > video.clip.gop ? now : due;
    for (; n <= now; n += 1) {
      const unit = video.frame(n);
      if (isLeftOut(camera, n % video.clip.gop, video.clip.gop)) continue;
      const payloads = video.clip.codec === 'h265' ? h265Payloads(unit.nals) : h264Payloads(unit.nals);
      for (const viewer of viewers) viewer.sendPicture(payloads, unit.key, (n * 90_000) / video.clip.fps);
    }
    return n;
  }

  private sendSound(camera: DemoCamera, playing: MediaSession[], due: number, nowMs: number): number {
    const { sound } = camera;
    const viewers = playing.filter((session) => session.tracks.audio !== undefined);
    if (sound === undefined || viewers.length === 0) return -1;
    const now = Math.floor((nowMs * sound.sampleRate) / 1000 / aacFrameSamples);
    let n = due === -1 || now - due > 100 ? now : due;
    for (; n <= now; n += 1) {
      const payload = aacPayload(sound.frames[n % sound.frames.length]!);
      for (const viewer of viewers) viewer.sendSound(payload, n * aacFrameSamples);
    }
    return n;
  }
}
