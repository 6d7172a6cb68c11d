import type { CancelTimer, Clock } from '../base/clock.ts';

/** Asks the broker what it holds. */
export interface RetainedReader {
  readonly connected: boolean;
  /** The retained payloads of these topics; null when the broker did not let us ask, or the link broke. */
  readRetained(topics: readonly string[], withinMs: number): Promise<ReadonlyMap<string, string> | null>;
}

/** The retained messages as they should be. */
export interface RetainedTruth {
  /** The next topics in turn, at most `count`. */
  nextTopics(count: number): string[];
  /** What the broker has acknowledged for the topic; undefined while something newer is under way. */
  settled(topic: string): string | undefined;
  resend(topics: readonly string[] | 'all'): void;
}

/** Topics asked in one check beside `status`: some 20 KB, so that a thousand cameras are through in four hours. */
const SAMPLE = 20;
const WAIT_MS = 2000;

/**
 * Looks from time to time whether the broker still holds the retained messages: one that was restored from a backup or cleared
 * by hand breaks no connection. What is missing or other than it should be is sent again; all of it when `status` is.
 */
export class RetainedCheck {
  readonly #options: {
    clock: Clock;
    everyMs: number;
    statusTopic: string;
    reader: RetainedReader;
    retained: RetainedTruth;
    onLost: (count: number | 'all') => void;
  };
  #cancel: CancelTimer | undefined;
  #asking = false;

  constructor(options: {
    clock: Clock;
    everyMs: number;
    statusTopic: string;
    reader: RetainedReader;
    retained: RetainedTruth;
    onLost: (count: number | 'all') => void;
  }) {
    this.#options = options;
  }

  start(): void {
    const { clock, everyMs } = this.#options;
    this.#cancel = clock.every(everyMs, () => void this.#check());
  }

  stop(): void {
    this.#cancel?.();
  }

  async #check(): Promise<void> {
    const { reader, retained, statusTopic, onLost, everyMs } = this.#options;
    if (this.#asking || !reader.connected) return;
    this.#asking = true;
    try {
      const topics = [...new Set([statusTopic, ...retained.nextTopics(SAMPLE)])];
      const wanted = new Map(topics.map((topic) => [topic, retained.settled(topic)]));
      const held = await reader.readRetained(topics, Math.min(WAIT_MS, everyMs));
      if (held === null) return;
      // What has changed meanwhile is on its way anyhow.
      const lost = topics.filter((topic) => {
        const payload = wanted.get(topic);
        return (
          payload !== undefined && payload === retained.settled(topic) && (held.get(topic) ?? '') !== payload
        );
      });
      if (lost.length === 0) return;
      const all = lost.includes(statusTopic);
      onLost(all ? 'all' : lost.length);
      retained.resend(all ? 'all' : lost);
    } finally {
      this.#asking = false;
    }
  }
}
