import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { runFfmpeg } from './ffmpeg-process.ts';
import type { FfmpegEnd } from './ffmpeg-process.ts';
import { jpegSize } from './jpeg-size.ts';
import { toAnnexB } from './key-frame.ts';
import type { KeyFrame } from './key-frame.ts';
import { pictureArguments } from './picture-arguments.ts';
import { PictureStreams } from './picture-streams.ts';
import { Semaphore } from './semaphore.ts';

/** A decoded picture: square pixels, 8 bit, full range. */
export interface DecodedPicture {
  jpeg: Buffer;
  width: number;
  height: number;
}

/** `program` is asked at the first picture, so that a gateway without FFmpeg starts and serves live pictures all the same. */
export interface KeyFrameDecoderOptions {
  clock: Clock;
  program: () => Promise<{ path: string }>;
  maxConcurrent: number;
  /** Time for one decoding in a process of its own; a long-lived one gets 10 s before. */
  deadlineMs?: number;
}

/** Frames that may wait for a place; each holds its bytes, so the bound is one of memory too. */
const LONGEST_QUEUE = 256;
const DEADLINE_MS = 15_000;
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Turns single key frames into JPEGs; lives as long as the gateway. Formats that come often are decoded by long-lived
 * FFmpeg processes. Whatever they do not take, or fail on, is decoded by a process of its own, which has the last word.
 */
export class KeyFrameDecoder {
  readonly #options: KeyFrameDecoderOptions;
  readonly #places: Semaphore;
  readonly #streams: PictureStreams;
  readonly #stopping = new AbortController();

  constructor(options: KeyFrameDecoderOptions) {
    this.#options = options;
    this.#places = new Semaphore(options.maxConcurrent, LONGEST_QUEUE);
    this.#streams = new PictureStreams({ clock: options.clock, mostOutputBytes: MOST_OUTPUT_BYTES });
  }

  /** Throws `ffmpeg-failed` (`details.damaged` true: the frame is broken, take another one), `ffmpeg-missing` or `shutting-down`. */
  async decode(keyFrame: KeyFrame): Promise<DecodedPicture> {
    if (!(await this.#places.enter())) throw this.#turnedAway();
    try {
      return await this.#decode(keyFrame);
    } finally {
      this.#places.leave();
    }
  }

  /** Kills the decodings in progress and refuses new ones. */
  stop(): void {
    this.#stopping.abort();
    this.#streams.stop();
    this.#places.close();
  }

  async #decode(keyFrame: KeyFrame): Promise<DecodedPicture> {
    const { path } = await this.#options.program();
    const streamed = await this.#streams.decode(path, keyFrame);
    const size = streamed.ok && jpegSize(streamed.jpeg);
    if (streamed.ok && size) return { jpeg: streamed.jpeg, ...size };
    const picture = pictureFrom(await this.#decodeAlone(path, keyFrame));
    if (streamed.ok || streamed.tried) this.#streams.distrust(keyFrame);
    return picture;
  }

  #decodeAlone(path: string, keyFrame: KeyFrame): Promise<FfmpegEnd> {
    const { clock, deadlineMs = DEADLINE_MS } = this.#options;
    return runFfmpeg({
      path,
      arguments: pictureArguments(keyFrame.track),
      input: toAnnexB(keyFrame),
      clock,
      deadlineMs,
      maxOutputBytes: MOST_OUTPUT_BYTES,
      signal: this.#stopping.signal,
    });
  }

  #turnedAway(): GatewayError {
    if (this.#stopping.signal.aborted) return new GatewayError('shutting-down', 'the gateway is stopping');
    return new GatewayError(
      'ffmpeg-failed',
      `${LONGEST_QUEUE} pictures already wait to be decoded; the machine is too slow for this many at once: raise snapshots.maxConcurrent or take pictures less often`,
    );
  }
}

function pictureFrom(end: FfmpegEnd): DecodedPicture {
  if (!end.ok) throw failure(end.reason, end.stderr);
  const size = jpegSize(end.stdout);
  // FFmpeg may end well and still have complained about the frame or given none.
  if (!size || end.stderr !== '') throw damaged(end.stderr);
  return { jpeg: end.stdout, ...size };
}

function failure(
  reason: 'spawn' | 'exit' | 'deadline' | 'too-large' | 'aborted',
  stderr: string,
): GatewayError {
  if (reason === 'aborted') return new GatewayError('shutting-down', 'the gateway is stopping');
  if (reason === 'exit') return damaged(stderr);
  const messages = {
    deadline: 'decoding the picture took too long and was ended',
    'too-large': 'the decoded picture is larger than 64 MiB',
    spawn: `FFmpeg cannot be started: ${stderr}`,
  };
  return new GatewayError('ffmpeg-failed', messages[reason]);
}

function damaged(stderr: string): GatewayError {
  const said = stderr.trim().split('\n').at(-1)?.trim();
  return new GatewayError('ffmpeg-failed', `the frame is damaged${said ? ` (FFmpeg: ${said})` : ''}`, {
    details: { damaged: true },
  });
}
