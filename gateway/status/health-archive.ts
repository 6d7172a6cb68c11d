import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { LightChange } from '../contract/health.ts';
import { LightChangeStore } from './light-change-store.ts';
import type { RecordedChange } from './light-change-store.ts';
import { uptimeOf } from './uptime.ts';
import type { Downtime } from './uptime.ts';

const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;
/** Longer than the longest span that the history can be asked for. */
const KEEP_MS = 430 * DAY_MS;

/** What is remembered of all cameras' lights over restarts: their changes, and when the gateway was off. One for the board. */
export class HealthArchive {
  readonly changes: LightChangeStore;
  readonly #clock: Clock;
  readonly #sessions: { downtimes(fromMs: number, toMs: number): Promise<Downtime[]> };
  readonly #onFault: (what: string, why: string) => void;
  #writes: Promise<void> = Promise.resolve();
  #downtimes: Downtime[] = [];

  constructor(options: {
    clock: Clock;
    database: Database;
    sessions: { downtimes(fromMs: number, toMs: number): Promise<Downtime[]> };
    onFault: (what: string, why: string) => void;
  }) {
    this.changes = new LightChangeStore(options.database);
    this.#clock = options.clock;
    this.#sessions = options.sessions;
    this.#onFault = options.onFault;
  }

  /** Reads where the record stands; call once before all else. */
  async open(): Promise<void> {
    const now = this.#clock.now();
    await this.changes.open();
    this.#downtimes = await this.#sessions.downtimes(now - MONTH_MS, now);
  }

  /** When the gateway was off in the 30 days before this start. */
  get downtimes(): readonly Downtime[] {
    return this.#downtimes;
  }

  /** Writes a change after those before it; `onStored` is called once it is on disk. */
  record(change: LightChange, onStored: () => void): void {
    this.#writes = this.#writes.then(async () => {
      try {
        await this.changes.append(change);
        onStored();
      } catch (error) {
        this.#onFault('a change of light was not recorded', `${change.cameraId}: ${messageOf(error)}`);
      }
    });
  }

  /** Resolves when all that was to be recorded is on disk. */
  settled(): Promise<void> {
    return this.#writes;
  }

  /** Recorded changes in the span and the share of its known time in which the camera was up. */
  async history(
    cameraId: string,
    fromMs: number,
    toMs: number,
  ): Promise<{ changes: LightChange[]; uptime: number | null }> {
    const recorded = await this.changes.between(cameraId, fromMs, toMs);
    const before = await this.changes.lastBefore(cameraId, fromMs);
    const lights = [...(before ? [before] : []), ...recorded].map(({ atMs, change }) => ({
      atMs,
      light: change.to,
    }));
    const downtimes = await this.#sessions.downtimes(fromMs, toMs);
    const untilMs = Math.min(toMs, this.#clock.now());
    return {
      changes: recorded.map(({ change }) => change),
      uptime: uptimeOf(lights, downtimes, fromMs, untilMs),
    };
  }

  /** Recorded changes of all cameras behind `seq`, in order. */
  after(seq: number, limit: number): Promise<RecordedChange[]> {
    return this.changes.after(seq, limit);
  }

  /** Forgets changes older than 430 days. */
  async prune(): Promise<void> {
    try {
      await this.changes.prune(this.#clock.now() - KEEP_MS);
    } catch (error) {
      this.#onFault('old changes of light were not removed', messageOf(error));
    }
  }
}
