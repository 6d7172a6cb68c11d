import type { Clock } from '../base/clock.ts';

/** Lets requests wait for a state to come about; whoever changes the state calls `changed`. */
export class ChangeGate {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Requests that wait now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** What `probe` finds as soon as it is not undefined; undefined after `timeoutMs` or when the gate closes. Faults of the probe reject. */
  until<Found>(probe: () => Found | undefined, timeoutMs: number): Promise<Found | undefined> {
    return new Promise((resolve, reject) => {
      const tryNow = (last: boolean): void => {
        try {
          const found = probe();
          if (found === undefined && !last) return;
          finish();
          resolve(found);
        } catch (error) {
          finish();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const onChange = (): void => tryNow(this.#closed);
      const cancel = this.#clock.after(timeoutMs, () => tryNow(true));
      const finish = (): void => {
        cancel();
        this.#waiting.delete(onChange);
      };
      this.#waiting.add(onChange);
      onChange();
    });
  }

  changed(): void {
    for (const check of this.#waiting) check();
  }

  close(): void {
    this.#closed = true;
    this.changed();
  }
}
