import { createHash } from 'node:crypto';
import type { CancelTimer, Clock } from '../base/clock.ts';
import { toAnnexB } from './key-frame.ts';
import type { KeyFrame } from './key-frame.ts';
import { isLonePicture } from './lone-picture.ts';
import { matroskaHead } from './matroska-packets.ts';
import { pictureStreamArguments } from './picture-arguments.ts';
import { PictureStream } from './picture-stream.ts';
import { RecentKeys } from './recent-keys.ts';
import { wipingPicture } from './wiping-picture.ts';

/** `tried`: a process was spent on it. */
export type StreamedPicture = { ok: true; jpeg: Buffer } | { ok: false; tried: boolean };

interface Held {
  stream: PictureStream;
  key: string;
  pixels: number;
  busy: boolean;
  cancelIdle: CancelTimer;
}

/** A format that comes again within this time gets a process of its own, which ends after the same time without work. */
const KEEP_MS = 60_000;
const DEADLINE_MS = 10_000;
/** Where the stream failed and decoding alone did not, decoding alone it is for this long. */
const DISTRUST_MS = 120_000;
/** About 50 MB each, and more for large pictures: six of 1080p or three of 4K. */
const MOST_STREAMS = 6;
const MOST_PIXELS = 25_000_000;
/** Then a new process takes over, so that nothing can gather. */
const MOST_PICTURES = 400;

/**
 * Long-lived FFmpeg processes, one for each format in use (codec, parameter sets to the byte, colour): starting FFmpeg
 * costs more than decoding. Takes only pictures that stand alone. Those used longest ago make room for others.
 */
export class PictureStreams {
  readonly #clock: Clock;
  readonly #mostOutputBytes: number;
  readonly #deadlineMs: number;
  /** In order of their last use. */
  readonly #held = new Set<Held>();
  readonly #seen: RecentKeys;
  readonly #distrusted: RecentKeys;
  #stopped = false;

  /** `deadlineMs`: time for one picture, the start of its process included. */
  constructor(options: { clock: Clock; mostOutputBytes: number; deadlineMs?: number }) {
    this.#clock = options.clock;
    this.#mostOutputBytes = options.mostOutputBytes;
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    this.#seen = new RecentKeys(options.clock, KEEP_MS);
    this.#distrusted = new RecentKeys(options.clock, DISTRUST_MS);
  }

  /** Not ok: to be decoded alone, in a process of its own. */
  async decode(path: string, keyFrame: KeyFrame): Promise<StreamedPicture> {
    const held = this.#take(path, keyFrame);
    if (!held) return { ok: false, tried: false };
    const jpeg = await held.stream.decode(toAnnexB(keyFrame), this.#deadlineMs);
    this.#giveBack(held);
    return jpeg ? { ok: true, jpeg } : { ok: false, tried: true };
  }

  /** Call when a picture that a stream failed on turned out to be sound. */
  distrust(keyFrame: KeyFrame): void {
    this.#distrusted.add(keyOf(keyFrame));
  }

  /** Kills all; pictures in progress fail. */
  stop(): void {
    this.#stopped = true;
    for (const held of this.#held) this.#end(held);
  }

  #take(path: string, keyFrame: KeyFrame): Held | undefined {
    if (this.#stopped || !isLonePicture(keyFrame)) return undefined;
    const key = keyOf(keyFrame);
    const isKnown = this.#seen.has(key);
    this.#seen.add(key);
    if (!isKnown || this.#distrusted.has(key)) return undefined;
    const held =
      [...this.#held].find((one) => one.key === key && !one.busy) ?? this.#start(path, key, keyFrame);
    if (!held) return undefined;
    held.cancelIdle();
    held.busy = true;
    this.#held.delete(held);
    this.#held.add(held);
    return held;
  }

  #start(path: string, key: string, { track }: KeyFrame): Held | undefined {
    const { codec, width, height } = track;
    const pixels = width * height;
    if (codec === 'mjpeg' || !this.#makeRoom(pixels)) return undefined;
    const stream = new PictureStream({
      clock: this.#clock,
      path,
      arguments: pictureStreamArguments(track),
      head: matroskaHead(codec, width, height),
      wiper: wipingPicture[codec],
      mostOutputBytes: this.#mostOutputBytes,
    });
    stream.start();
    const held = { stream, key, pixels, busy: false, cancelIdle: () => undefined };
    this.#held.add(held);
    return held;
  }

  #makeRoom(pixels: number): boolean {
    const heldPixels = (): number => [...this.#held].reduce((sum, held) => sum + held.pixels, pixels);
    while (this.#held.size >= MOST_STREAMS || heldPixels() > MOST_PIXELS) {
      const oldest = [...this.#held].find((held) => !held.busy);
      if (!oldest) return false;
      this.#end(oldest);
    }
    return true;
  }

  #giveBack(held: Held): void {
    held.busy = false;
    if (held.stream.ended || held.stream.taken >= MOST_PICTURES) this.#end(held);
    else held.cancelIdle = this.#clock.after(KEEP_MS, () => this.#end(held));
  }

  #end(held: Held): void {
    held.cancelIdle();
    held.stream.stop();
    this.#held.delete(held);
  }
}

/** Equal for pictures that one decoder with one set of arguments can take: any other byte in a parameter set is another key. */
function keyOf({ track }: KeyFrame): string {
  const { codec, width, height, colour, parameterSets } = track;
  const hash = createHash('sha256').update(JSON.stringify([codec, width, height, colour?.matrix ?? null]));
  for (const sets of [parameterSets.vps, parameterSets.sps, parameterSets.pps]) {
    hash.update(`${sets.length};`);
    for (const set of sets) hash.update(`${set.byteLength}:`).update(set);
  }
  return hash.digest('base64');
}
