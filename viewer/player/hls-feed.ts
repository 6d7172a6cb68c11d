import { siteNow } from '../format/site-time.ts';
import type { Rendition } from '../../gateway/contract/live.ts';
import type { Feed, FeedEvents } from './feed.ts';
import type Hls from 'hls.js';

/** Live from the (low-latency) playlist through hls.js, which is fetched when first needed. */
export class HlsFeed implements Feed {
  readonly transport = 'hls';
  readonly #video: HTMLVideoElement;
  readonly #url: string;
  readonly #events: FeedEvents;
  #hls: Hls | null = null;
  #stopped = false;
  readonly run = 0;
  bytes = 0;

  constructor(video: HTMLVideoElement, cameraId: string, rendition: Rendition, events: FeedEvents) {
    this.#video = video;
    this.#url = `/live/${encodeURIComponent(cameraId)}/${rendition}/stream.m3u8`;
    this.#events = events;
  }

  get delaySec(): number | null {
    const captured = this.#hls?.playingDate ?? null;
    if (captured !== null) return Math.max(0, (siteNow() - captured.getTime()) / 1000);
    const latency = this.#hls?.latency ?? 0;
    return latency > 0 ? latency : null;
  }

  start(): void {
    this.#load().catch(() => this.#events.onEnd('never-opened'));
  }

  stop(): void {
    this.#stopped = true;
    this.#hls?.destroy();
    this.#hls = null;
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  async #load(): Promise<void> {
    const { default: HlsLight } = await import('hls.js/light');
    if (this.#stopped) return;
    if (!HlsLight.isSupported()) return this.#events.onEnd('unsupported');
    const hls = new HlsLight({
      lowLatencyMode: true,
      backBufferLength: 10,
      maxBufferLength: 10,
      maxLiveSyncPlaybackRate: 1.1,
      enableWorker: false,
    });
    this.#hls = hls;
    hls.on(HlsLight.Events.BUFFER_APPENDING, (_name, data) => {
      this.bytes += data.data.byteLength;
    });
    hls.on(HlsLight.Events.ERROR, (_name, data) => {
      if (!data.fatal) return;
      const codec = data.details === HlsLight.ErrorDetails.BUFFER_ADD_CODEC_ERROR;
      const began = this.#video.currentTime > 0;
      this.#events.onEnd(codec ? 'unsupported' : began ? 'lost' : 'never-opened');
    });
    hls.loadSource(this.#url);
    hls.attachMedia(this.#video);
  }
}
