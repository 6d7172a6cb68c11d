import type { Clock } from '../../base/clock.ts';
import type { WsHello } from '../../contract/live.ts';
import type { FeedFailure } from '../../ingest/feeds.ts';
import type { Chunk, LiveRun } from '../live-run.ts';

/** One WebSocket as the web stage gives it; calls return at once and never throw. */
export interface LiveViewer {
  text(message: string): void;
  /** One binary message made of these bytes in order; they are shared and must not be changed. `onTaken`: they are not needed any more. */
  binary(chunks: readonly Buffer[], onTaken?: () => void): void;
  /** Bytes handed over and not yet taken by the network. */
  bufferedBytes(): number;
  close(code: number, reason: string): void;
}

/** Close codes of a live WebSocket: 4000 + the HTTP status that fits. */
export const closeCodes = { notFound: 4404, tooSlow: 4408, unavailable: 4503, goingAway: 1001 } as const;

/** A viewer this far behind (or two seconds of stream, if that is more) skips to the next key frame. */
const LEAST_BACKLOG_BYTES = 1024 * 1024;
const MOST_BACKLOG_BYTES = 4 * 1024 * 1024;
const BACKLOG_SEC = 2;
const NO_PROGRESS_MS = 30_000;
/** RFC 6455, 5.5.1: a close frame has 125 bytes, two of them the code. */
const MOST_REASON_BYTES = 123;

/** Live pictures to one WebSocket viewer; lives as long as the socket. Drops whole GOPs when the viewer is slow. */
export class WsOutput {
  readonly #clock: Clock;
  readonly #viewer: LiveViewer;
  #closed = false;
  #started = false;
  #waitsForKey = true;
  /** What is left of the held GOP that was handed over at once: it does not count as being behind. */
  #burstBytes = 0;
  #lastBuffered = 0;
  #progressAtMs: number;

  constructor(clock: Clock, viewer: LiveViewer) {
    this.#clock = clock;
    this.#viewer = viewer;
    this.#progressAtMs = clock.monotonicMs();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** True once a run was announced to the viewer. */
  get started(): boolean {
    return this.#started;
  }

  /** Announces a run and sends the GOP held of it. */
  begin(run: LiveRun, held: readonly Chunk[]): void {
    if (this.#closed) return;
    const hello: WsHello = { mime: run.mime, timescale: 90_000 };
    this.#started = true;
    this.#viewer.text(JSON.stringify(hello));
    this.#viewer.binary([run.init]);
    this.#waitsForKey = held.length === 0;
    for (const chunk of held) this.#give(chunk);
    this.#burstBytes = this.#viewer.bufferedBytes();
    this.#lastBuffered = this.#burstBytes;
    this.#progressAtMs = this.#clock.monotonicMs();
  }

  /** Sends a chunk, or leaves it out while the viewer is behind. `bitsPerSecond` is the stream's rate. */
  send(chunk: Chunk, bitsPerSecond: number): void {
    if (this.#closed || !this.#started) return;
    const behind = this.#isBehind(bitsPerSecond);
    if (behind && !this.#makesProgress()) {
      this.close(closeCodes.tooSlow, 'the connection has been too slow for half a minute; open it again');
      return;
    }
    if (behind) this.#waitsForKey = true;
    else if (chunk.key) this.#waitsForKey = false;
    if (!this.#waitsForKey) this.#give(chunk);
  }

  /** Tells the viewer that the stream broke off; the next run begins with a new hello. */
  offline(failure: Pick<FeedFailure, 'code' | 'message'>): void {
    if (this.#closed) return;
    this.#viewer.text(JSON.stringify({ state: 'offline', code: failure.code, message: failure.message }));
  }

  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#viewer.close(code, shortReason(reason));
  }

  /** The socket is gone already. */
  drop(): void {
    this.#closed = true;
  }

  #give({ bytes, memory }: Chunk): void {
    memory?.retain();
    this.#viewer.binary([bytes], memory && (() => memory.release()));
  }

  #isBehind(bitsPerSecond: number): boolean {
    const streamBytes = (bitsPerSecond / 8) * BACKLOG_SEC;
    const limit = Math.min(MOST_BACKLOG_BYTES, Math.max(LEAST_BACKLOG_BYTES, streamBytes));
    const buffered = this.#viewer.bufferedBytes();
    if (buffered < this.#lastBuffered || buffered <= limit) this.#progressAtMs = this.#clock.monotonicMs();
    this.#lastBuffered = buffered;
    this.#burstBytes = Math.min(this.#burstBytes, buffered);
    if (buffered <= limit) this.#burstBytes = 0;
    return buffered > limit + this.#burstBytes;
  }

  #makesProgress(): boolean {
    return this.#clock.monotonicMs() - this.#progressAtMs < NO_PROGRESS_MS;
  }
}

/** The reason cut to what a close frame holds, at a whole character. */
function shortReason(reason: string): string {
  let short = reason;
  while (Buffer.byteLength(short) > MOST_REASON_BYTES) short = short.slice(0, -1);
  return short;
}
