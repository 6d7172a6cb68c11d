import type { Clock } from '../base/clock.ts';
import { AudioReceiver, readAudioFormat } from './audio-receiver.ts';
import type { AudioFormat, AudioFrame } from './audio-receiver.ts';
import { h264Rules } from './codec/h264-rules.ts';
import { h265Rules } from './codec/h265-rules.ts';
import { JpegReceiver } from './jpeg-receiver.ts';
import type { Sample, StreamTracks } from './media.ts';
import { Reception } from './rtp/reception.ts';
import type { ReceptionBlock } from './rtp/reception.ts';
import { parseRtcp } from './rtp/rtcp.ts';
import { parseRtpPacket } from './rtp/rtp-packet.ts';
import { WallClock } from './rtp/wall-clock.ts';
import type { SessionPlan } from './rtsp/track-plan.ts';
import { VideoReceiver } from './video-receiver.ts';
import type { LearntStream, VideoEpoch, VideoFrame } from './video-receiver.ts';

export interface MediaReceiverOptions {
  clock: Clock;
  plan: SessionPlan;
  learnt: LearntStream;
  /** Number of the first epoch of this run. */
  firstEpoch: number;
  onTracks(tracks: StreamTracks): void;
  onSample(sample: Sample): void;
  /** The stream cannot go on; a sentence for a technician. */
  onFault(message: string): void;
}

/** Turns the RTP and RTCP packets of one run into tracks and samples on one timeline; knows no socket. */
export class MediaReceiver {
  readonly #options: MediaReceiverOptions;
  readonly #video: VideoReceiver | undefined;
  readonly #jpeg: JpegReceiver | undefined;
  readonly #audio: AudioReceiver | undefined;
  readonly #audioFormat: AudioFormat | undefined;
  readonly #videoClock: WallClock;
  readonly #audioClock: WallClock | undefined;
  readonly #receptions: { video: Reception; audio?: Reception };
  /** RTP packets of all tracks. */
  packetsReceived = 0;
  /** Camera clock minus ours by its last sender report, ms; null before one with a time came. */
  cameraAheadMs: number | null = null;
  #epochNumber: number;
  #epoch: VideoEpoch | undefined;
  #aligned = false;

  constructor(options: MediaReceiverOptions) {
    const { clock, plan, learnt } = options;
    this.#options = options;
    this.#epochNumber = options.firstEpoch - 1;
    this.#videoClock = new WallClock(plan.video.format.clockRate);
    this.#receptions = { video: new Reception(clock, plan.video.format.clockRate) };
    const events = {
      clock,
      plan: plan.video,
      onEpoch: (epoch: VideoEpoch) => this.#onEpoch(epoch),
      onFrame: (frame: VideoFrame) => this.#onVideo(frame),
      onFault: (message: string) => options.onFault(message),
    };
    const { encoding } = plan.video.format;
    if (encoding === 'JPEG') this.#jpeg = new JpegReceiver(events);
    else
      this.#video = new VideoReceiver({
        ...events,
        learnt,
        rules: encoding === 'H264' ? h264Rules : h265Rules,
      });
    this.#audioFormat = plan.audio ? readAudioFormat(plan.audio) : undefined;
    if (!plan.audio || !this.#audioFormat) return;
    this.#audioClock = new WallClock(plan.audio.format.clockRate);
    this.#receptions.audio = new Reception(clock, plan.audio.format.clockRate);
    this.#audio = new AudioReceiver({
      clock,
      plan: plan.audio,
      format: this.#audioFormat,
      onFrame: (frame) => this.#onAudio(frame),
    });
  }

  pushRtp(track: 'video' | 'audio', buffer: Buffer, start: number, end: number): void {
    const packet = parseRtpPacket(buffer, start, end);
    if (!packet) return;
    this.packetsReceived += 1;
    this.#receptions[track]?.take(packet);
    if (track !== 'video') this.#audio?.push(packet, buffer);
    else if (this.#video) this.#video.push(packet, buffer);
    else this.#jpeg?.push(packet, buffer, start);
  }

  pushRtcp(track: 'video' | 'audio', buffer: Buffer, start: number, end: number): void {
    const { report, bye } = parseRtcp(buffer, start, end);
    if (report) {
      const clock = track === 'video' ? this.#videoClock : this.#audioClock;
      const nowMs = this.#options.clock.now();
      clock?.take(report, nowMs);
      this.cameraAheadMs = report.ntpMs - nowMs;
      this.#receptions[track]?.takeReport(report);
      this.#alignSound();
    }
    if (bye && track === 'video') this.#options.onFault('the camera ended the stream (RTCP BYE)');
  }

  /** The run is over; nothing is pushed any more. */
  close(): void {
    this.#video?.close();
  }

  get packetsLost(): number {
    return (this.#video?.packetsLost ?? this.#jpeg?.packetsLost ?? 0) + (this.#audio?.packetsLost ?? 0);
  }

  /** How unevenly the packets of the video come, ms; null before two pictures. */
  get jitterMs(): number | null {
    return this.#receptions.video.jitterMs;
  }

  /** What to report to the camera about a track now; undefined before its first packet. */
  receptionOf(track: 'video' | 'audio'): ReceptionBlock | undefined {
    return this.#receptions[track]?.block();
  }

  /** Number of the epoch that runs, or of the last one. */
  get epoch(): number {
    return this.#epochNumber;
  }

  #onEpoch(epoch: VideoEpoch): void {
    this.#epochNumber += 1;
    this.#epoch = epoch;
    this.#options.onTracks({
      epoch: this.#epochNumber,
      video: epoch.track,
      ...soundOf(this.#audioFormat),
    });
    this.#aligned = false;
    this.#audio?.startEpoch(epoch);
    this.#alignSound();
  }

  /** Once in an epoch, when both streams have told their wall-clock time, sound moves to its true place. */
  #alignSound(): void {
    const format = this.#audioFormat;
    const heardMs = this.#audioClock?.cameraMs(0);
    const seenMs = this.#epoch && this.#videoClock.cameraMs(this.#epoch.timestamp);
    if (this.#aligned || !this.#epoch || !format || seenMs == null || heardMs == null) return;
    const timestamp = Math.round(((seenMs - heardMs) * format.track.timescale) / 1000);
    this.#audio?.alignTo(timestamp, this.#epoch.firstPtsSec);
    this.#aligned = true;
  }

  #onVideo(frame: VideoFrame): void {
    const { data, memory, dts, pts, key, receivedAtMs } = frame;
    const capturedAtMs = this.#videoClock.capturedAtMs(frame.timestamp, receivedAtMs);
    this.#options.onSample({
      kind: 'video',
      data,
      memory,
      dts,
      pts,
      key,
      capturedAtMs,
      receivedAtMs,
      epoch: this.#epochNumber,
    });
  }

  #onAudio({ data, pts, timestamp, receivedAtMs }: AudioFrame): void {
    const capturedAtMs = this.#audioClock?.capturedAtMs(timestamp, receivedAtMs) ?? receivedAtMs;
    this.#options.onSample({
      kind: 'audio',
      data,
      dts: pts,
      pts,
      key: true,
      capturedAtMs,
      receivedAtMs,
      epoch: this.#epochNumber,
    });
  }
}

/** AAC is `audio`, all else is told apart, so that nobody packs it unseen. */
function soundOf(format: AudioFormat | undefined): Pick<StreamTracks, 'audio' | 'otherSound'> {
  const track = format?.track;
  if (!track || track.codec === 'aac') return { audio: track ?? null };
  return { audio: null, otherSound: track };
}
