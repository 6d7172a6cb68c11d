import type { Transport } from './choose-transports.ts';

/** Why a feed ended by itself. */
export type FeedEnd = 'never-opened' | 'lost' | 'unsupported';

/** What a feed tells its session. */
export interface FeedEvents {
  /** The gateway says that the camera is not there now; the feed goes on waiting. */
  onOffline(code: string): void;
  onEnd(why: FeedEnd): void;
}

/** One connection that fills one video element; `stop` leaves the element empty. */
export interface Feed {
  readonly transport: Transport;
  start(): void;
  stop(): void;
  /** Bytes received so far. */
  readonly bytes: number;
  /** Grows by one whenever the stream begins anew on the gateway. */
  readonly run: number;
  /** Behind now, seconds: by the moment of capture where the transport tells it, else behind the newest frame; null when not known. */
  readonly delaySec: number | null;
}
