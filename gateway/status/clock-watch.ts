import type { CancelTimer, Clock } from '../base/clock.ts';

/** Whose clocks are read, and where the answers go. */
export interface ClockSubjects {
  /** Cameras whose clock can be asked for and that deliver pictures now. */
  ids(): Iterable<string>;
  /** Camera time minus gateway time, seconds, null when it tells none; undefined when it does not answer. */
  read(cameraId: string): Promise<number | null | undefined>;
  /** True while the clock is off, or seems so: it is then asked more often. */
  isSuspect(cameraId: string): boolean;
  told(cameraId: string, driftSec: number | null | undefined): void;
}

const TICK_MS = 1000;
const AT_ONCE = 4;
/** A clock that seems off is read again after so long … */
const DOUBT_MS = 30_000;
/** … and one that is off at least so often, so that setting it is seen. */
const OFF_MS = 300_000;

/**
 * Asks each camera for its time now and then (ONVIF GetSystemDateAndTime, two kilobytes), four at a time. Lives as long
 * as the board.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #subjects: ClockSubjects;
  readonly #intervalMs: number;
  readonly #nextAtMs = new Map<string, number>();
  readonly #asking = new Set<string>();
  #cancel: CancelTimer | undefined;

  constructor(options: { clock: Clock; subjects: ClockSubjects; intervalSec: number }) {
    this.#clock = options.clock;
    this.#subjects = options.subjects;
    this.#intervalMs = options.intervalSec * 1000;
  }

  start(): void {
    this.#cancel = this.#clock.every(TICK_MS, () => this.#tick());
  }

  stop(): void {
    this.#cancel?.();
    this.#nextAtMs.clear();
  }

  /** Reads this camera's clock at the next turn: it is new, or was changed. */
  soon(cameraId: string): void {
    this.#nextAtMs.set(cameraId, 0);
  }

  forget(cameraId: string): void {
    this.#nextAtMs.delete(cameraId);
  }

  #tick(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const cameraId of this.#subjects.ids()) {
      if (this.#asking.size >= AT_ONCE) return;
      const dueMs = this.#nextAtMs.get(cameraId) ?? 0;
      if (dueMs <= nowMs && !this.#asking.has(cameraId)) void this.#ask(cameraId);
    }
  }

  async #ask(cameraId: string): Promise<void> {
    this.#asking.add(cameraId);
    this.#nextAtMs.set(cameraId, this.#clock.monotonicMs() + this.#intervalMs);
    const driftSec = await this.#subjects.read(cameraId).catch(() => undefined);
    this.#asking.delete(cameraId);
    if (!this.#nextAtMs.has(cameraId)) return;
    const before = this.#subjects.isSuspect(cameraId);
    this.#subjects.told(cameraId, driftSec);
    if (!this.#subjects.isSuspect(cameraId)) return;
    const waitMs = Math.min(this.#intervalMs, before ? OFF_MS : DOUBT_MS);
    this.#nextAtMs.set(cameraId, this.#clock.monotonicMs() + waitMs);
  }
}
