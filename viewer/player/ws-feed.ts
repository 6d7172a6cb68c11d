import { nextTarget, steerToLive } from './live-edge.ts';
import { mediaSourceClass } from './media-source-class.ts';
import { SourceQueue } from './source-queue.ts';
import { readWsMessage } from './ws-message.ts';
import type { Rendition } from '../../gateway/contract/live.ts';
import type { Feed, FeedEnd, FeedEvents } from './feed.ts';
import type { BufferedRange } from './live-edge.ts';
import type { LiveLine, OpenLine } from './live-line.ts';

const STEER_MS = 250;
const CALM_MS = 30_000;

/** Live over a WebSocket, its own or a shared one, into MediaSource: init segment, then a fragment a message, kept near the newest frame. */
export class WsFeed implements Feed {
  readonly transport = 'ws';
  readonly #video: HTMLVideoElement;
  readonly #cameraId: string;
  readonly #rendition: Rendition;
  readonly #openLine: OpenLine;
  readonly #events: FeedEvents;
  #source: MediaSource | null = null;
  #url = '';
  #line: LiveLine | null = null;
  #queue: SourceQueue | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #targetSec = 0.3;
  #calmSince = 0;
  #opened = false;
  bytes = 0;
  run = 0;
  delaySec: number | null = null;

  constructor(
    video: HTMLVideoElement,
    cameraId: string,
    rendition: Rendition,
    events: FeedEvents,
    openLine: OpenLine,
  ) {
    this.#video = video;
    this.#cameraId = cameraId;
    this.#rendition = rendition;
    this.#events = events;
    this.#openLine = openLine;
  }

  start(): void {
    const Source = mediaSourceClass();
    if (Source === null) return this.#end('unsupported');
    this.#source = new Source();
    this.#url = URL.createObjectURL(this.#source);
    // Managed sources of iPhones open only where playing elsewhere is off.
    this.#video.disableRemotePlayback = true;
    this.#video.src = this.#url;
    this.#source.addEventListener('sourceopen', () => this.#connect(), { once: true });
    this.#video.addEventListener('waiting', this.#ranDry);
    this.#calmSince = performance.now();
    this.#timer = setInterval(() => this.#steer(), STEER_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#video.removeEventListener('waiting', this.#ranDry);
    this.#line?.close();
    this.#line = null;
    this.#queue?.stop();
    this.#queue = null;
    this.#source = null;
    this.#video.removeAttribute('src');
    this.#video.load();
    if (this.#url !== '') URL.revokeObjectURL(this.#url);
  }

  #connect(): void {
    if (this.#source === null) return;
    this.#line = this.#openLine(this.#cameraId, this.#rendition, {
      onText: (text) => this.#takeText(text),
      onBytes: (bytes) => this.#takeBytes(bytes),
      onClosed: () => this.#end(this.#opened ? 'lost' : 'never-opened'),
    });
  }

  #takeText(text: string): void {
    this.#opened = true;
    const message = readWsMessage(text);
    if (message.kind === 'offline') this.#events.onOffline(message.code);
    if (message.kind === 'hello') this.#takeHello(message.hello.mime);
  }

  #takeHello(mime: string): void {
    const source = this.#source;
    const Source = mediaSourceClass();
    if (source === null || Source === null) return;
    if (!Source.isTypeSupported(mime)) return this.#end('unsupported');
    this.run += 1;
    if (this.#queue !== null) return this.#queue.restart(mime);
    try {
      this.#queue = new SourceQueue(source.addSourceBuffer(mime), this.#video, () => this.#end('lost'));
    } catch {
      return this.#end('unsupported');
    }
    this.#queue.start();
  }

  #takeBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes += bytes.byteLength;
    this.#queue?.append(bytes);
  }

  #steer(): void {
    const video = this.#video;
    const ranges: BufferedRange[] = [];
    for (let index = 0; index < video.buffered.length; index += 1) {
      ranges.push([video.buffered.start(index), video.buffered.end(index)]);
    }
    const now = performance.now();
    if (now - this.#calmSince > CALM_MS) {
      this.#targetSec = nextTarget(this.#targetSec, false);
      this.#calmSince = now;
    }
    const { seekToSec, rate, delaySec } = steerToLive({
      currentSec: video.currentTime,
      ranges,
      targetSec: this.#targetSec,
    });
    if (seekToSec !== null) video.currentTime = seekToSec;
    if (video.playbackRate !== rate) video.playbackRate = rate;
    this.delaySec = delaySec;
  }

  readonly #ranDry = (): void => {
    if (this.#video.currentTime === 0) return;
    this.#targetSec = nextTarget(this.#targetSec, true);
    this.#calmSince = performance.now();
  };

  #end(why: FeedEnd): void {
    this.#line?.close();
    this.#line = null;
    this.#events.onEnd(why);
  }
}
