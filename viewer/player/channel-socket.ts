import { readChannelBytes, readChannelText } from './channel-message.ts';
import type { LiveChannelRequest, Rendition } from '../../gateway/contract/live.ts';
import type { LineEvents, LiveLine } from './live-line.ts';

/** The part of a WebSocket that channels need. */
export type Wire = Pick<WebSocket, 'send' | 'close' | 'readyState' | 'addEventListener'>;

const OPEN = 1;

/** Several cameras over one WebSocket; lives as long as the socket, and is of no more use once it `ended`. */
export class ChannelSocket {
  readonly #wire: Wire;
  readonly #onIdle: () => void;
  readonly #channels = new Map<number, LineEvents>();
  #lastChannel = 0;
  #waiting: string[] = [];
  /** When it was made, or something last came, ms of `performance.now()`. */
  heardMs = performance.now();
  ended = false;

  /** `onIdle` runs whenever the last channel has left. */
  constructor(wire: Wire, onIdle: () => void) {
    this.#wire = wire;
    this.#onIdle = onIdle;
  }

  start(): void {
    this.#wire.addEventListener('open', () => {
      for (const text of this.#waiting.splice(0)) this.#wire.send(text);
    });
    this.#wire.addEventListener('message', ({ data }: { data: unknown }) => {
      this.heardMs = performance.now();
      if (data instanceof ArrayBuffer) this.#takeBytes(data);
      else if (typeof data === 'string') this.#takeText(data);
    });
    this.#wire.addEventListener('close', () => this.#lost());
  }

  stop(): void {
    this.ended = true;
    this.#wire.close();
  }

  /** Cameras carried now. */
  get size(): number {
    return this.#channels.size;
  }

  open(cameraId: string, rendition: Rendition, events: LineEvents): LiveLine {
    // A number is used once: what is still under way of an old channel is nobody's.
    this.#lastChannel += 1;
    const channel = this.#lastChannel;
    this.#channels.set(channel, events);
    this.#send({ subscribe: { channel, cameraId, rendition } });
    return { close: () => this.#leave(channel) };
  }

  #leave(channel: number): void {
    if (!this.#channels.delete(channel)) return;
    this.#send({ unsubscribe: { channel } });
    if (this.#channels.size === 0) this.#onIdle();
  }

  #send(request: LiveChannelRequest): void {
    const text = JSON.stringify(request);
    if (this.#wire.readyState === OPEN) this.#wire.send(text);
    else if (!this.ended) this.#waiting.push(text);
  }

  #takeText(text: string): void {
    const message = readChannelText(text);
    if (message.kind === 'other') return;
    const events = this.#channels.get(message.channel);
    if (message.kind === 'text') return events?.onText(text);
    this.#channels.delete(message.channel);
    events?.onClosed();
    if (this.#channels.size === 0) this.#onIdle();
  }

  #takeBytes(message: ArrayBuffer): void {
    const read = readChannelBytes(message);
    if (read !== null) this.#channels.get(read.channel)?.onBytes(read.bytes);
  }

  #lost(): void {
    this.ended = true;
    const all = [...this.#channels.values()];
    this.#channels.clear();
    for (const events of all) events.onClosed();
  }
}
