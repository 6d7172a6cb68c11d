import { signal } from '@preact/signals';
import type { LiveEvent } from '../../gateway/contract/events.ts';
import { siteNow } from '../format/site-time.ts';
import { backoffMs } from './backoff-ms.ts';
import { socketUrl } from './socket-url.ts';

/** How the events connection stands; `since` is when it came to stand so. */
export interface EventsLink {
  state: 'connecting' | 'open' | 'lost';
  since: number;
}

/** Events of the gateway over one WebSocket; connects again by itself until `stop`. */
export class EventsSocket {
  readonly link = signal<EventsLink>({ state: 'connecting', since: siteNow() });
  readonly #onEvent: (event: LiveEvent) => void;
  readonly #onOpen: () => void;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #stopped = false;

  /** `onOpen` runs at every connection: what was missed in between must be read again. */
  constructor(onEvent: (event: LiveEvent) => void, onOpen: () => void) {
    this.#onEvent = onEvent;
    this.#onOpen = onOpen;
  }

  start(): void {
    this.#stopped = false;
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  /** Tries again now instead of waiting. */
  retryNow(): void {
    if (this.link.value.state !== 'lost') return;
    clearTimeout(this.#timer);
    this.#attempt = 0;
    this.#connect();
  }

  #connect(): void {
    const socket = new WebSocket(socketUrl('/api/v1/events'));
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#attempt = 0;
      this.link.value = { state: 'open', since: siteNow() };
      this.#onOpen();
    });
    socket.addEventListener('message', (message) => {
      const event = readEvent(message.data);
      if (event !== null) this.#onEvent(event);
    });
    socket.addEventListener('close', () => this.#lost(socket));
  }

  #lost(socket: WebSocket): void {
    if (this.#stopped || socket !== this.#socket) return;
    if (this.link.value.state !== 'lost') this.link.value = { state: 'lost', since: siteNow() };
    this.#timer = setTimeout(() => this.#connect(), backoffMs(this.#attempt, Math.random()));
    this.#attempt += 1;
  }
}

function readEvent(data: unknown): LiveEvent | null {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data) as LiveEvent;
  } catch {
    return null;
  }
}
