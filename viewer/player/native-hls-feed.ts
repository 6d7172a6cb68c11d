import { startDateDelay } from './start-date-delay.ts';
import type { Rendition } from '../../gateway/contract/live.ts';
import type { Feed, FeedEvents } from './feed.ts';

/** Live from the playlist by the browser itself (Safari without MediaSource). */
export class NativeHlsFeed implements Feed {
  readonly transport = 'native-hls';
  readonly #video: HTMLVideoElement;
  readonly #url: string;
  readonly #events: FeedEvents;
  readonly bytes = 0;
  readonly run = 0;

  constructor(video: HTMLVideoElement, cameraId: string, rendition: Rendition, events: FeedEvents) {
    this.#video = video;
    this.#url = `/live/${encodeURIComponent(cameraId)}/${rendition}/stream.m3u8`;
    this.#events = events;
  }

  get delaySec(): number | null {
    return startDateDelay(this.#video);
  }

  start(): void {
    this.#video.addEventListener('error', this.#failed);
    this.#video.src = this.#url;
  }

  stop(): void {
    this.#video.removeEventListener('error', this.#failed);
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  readonly #failed = (): void => {
    this.#events.onEnd(this.#video.currentTime > 0 ? 'lost' : 'never-opened');
  };
}
