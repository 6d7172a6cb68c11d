import { randomBytes } from 'node:crypto';
import type { DemoCamera, ProfileName } from '../demo-camera.ts';
import type { RtpPayload } from '../rtp/rtp-payload.ts';
import type { MediaTrack } from './media-track.ts';

/** A client that has let this much pile up loses pictures up to the next key picture. */
const queueLimitBytes = 4 * 1024 * 1024;

/** Bytes a second that a `slow` camera gets through. */
const trickleBytesPerSec = 24_000;

const reportEveryMs = 5000;

/** One viewer of one profile, from its first SETUP until TEARDOWN, silence, or the end of its connection. */
export class MediaSession {
  readonly id = randomBytes(6).toString('hex');
  readonly profile: ProfileName;
  readonly tracks: { video?: MediaTrack; audio?: MediaTrack } = {};
  playing = false;
  lastSignMs = Date.now();
  private readonly camera: DemoCamera;
  private waitsForKey = false;
  private lastReportMs = 0;
  private trickle = { atMs: 0, bytes: 0 };

  constructor(camera: DemoCamera, profile: ProfileName) {
    this.camera = camera;
    this.profile = profile;
  }

  /** From now on pictures are sent. */
  play(): void {
    this.playing = true;
    this.waitsForKey = !this.camera.definition.startsMidGop;
    this.lastReportMs = 0;
  }

  /** One picture; `units` is its time in 90 kHz units. */
  sendPicture(payloads: readonly RtpPayload[], key: boolean, units: number): void {
    const { video } = this.tracks;
    if (video === undefined || !this.mayPass(video)) return;
    if (video.path.queuedBytes() > queueLimitBytes) this.waitsForKey = true;
    else if (key) this.waitsForKey = false;
    if (this.waitsForKey) return;
    this.camera.counters.bytesSent += video.send(payloads, units, (bytes) => this.passes(bytes));
  }

  /** One AAC frame; `units` in the sound's own clock. */
  sendSound(payload: RtpPayload, units: number): void {
    const { audio } = this.tracks;
    if (audio === undefined || !this.mayPass(audio) || audio.path.queuedBytes() > queueLimitBytes) return;
    this.camera.counters.bytesSent += audio.send([payload], units, (bytes) => this.passes(bytes));
  }

  private mayPass(track: MediaTrack | undefined): boolean {
    return track !== undefined && this.playing && this.camera.fault.kind !== 'silent';
  }

  private passes(bytes: number): boolean {
    const { kind, share } = this.camera.fault;
    if (kind === 'loss') return Math.random() >= share;
    if (kind !== 'slow') return true;
    const nowMs = Date.now();
    const earned = Math.max(
      0,
      this.trickle.bytes - ((nowMs - this.trickle.atMs) * trickleBytesPerSec) / 1000,
    );
    this.trickle = { atMs: nowMs, bytes: earned };
    if (earned > trickleBytesPerSec / 2) return false;
    this.trickle.bytes += bytes;
    return true;
  }

  /** Sends sender reports when they are due; `videoUnits` and `audioUnits` are the RTP times of now. */
  reportIfDue(nowMs: number, videoUnits: number, audioUnits: number): void {
    if (!this.playing || this.camera.fault.kind === 'silent' || nowMs - this.lastReportMs < reportEveryMs)
      return;
    this.lastReportMs = nowMs;
    const cname = this.camera.definition.serial;
    this.tracks.video?.report(this.camera.clockMs(nowMs), videoUnits, cname);
    this.tracks.audio?.report(this.camera.clockMs(nowMs), audioUnits, cname);
  }

  /** Frees the tracks' ports. */
  close(): void {
    this.playing = false;
    this.tracks.video?.path.close();
    this.tracks.audio?.path.close();
  }
}
