import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Credentials } from '../../contract/discovery.ts';

/** Cameras lock their users out; the contract promises no more than this in the window. */
const MOST_TRIES = 2;
const WINDOW_MS = 300_000;
const MOST_DEVICES = 10_000;

interface Refusal {
  atMs: number;
  fingerprint: string;
}

/** Remembers, for as long as the gateway runs, which devices refused which password in the last five minutes. */
export class RefusedTries {
  readonly #clock: Clock;
  /** Fingerprints are keyed anew in each process, so that a memory dump gives no password away. */
  readonly #key = randomBytes(32);
  readonly #refusals = new Map<string, Refusal[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Seconds until a device may be tried with these credentials; 0: now. Credentials just refused wait like a device
   * refused twice. `names` are all names of the device (address and port, endpoint id): the strictest of them counts.
   */
  pausedForSec(names: readonly string[], credentials: Credentials): number {
    return Math.max(0, ...names.map((name) => this.#pausedForSec(name, credentials)));
  }

  /** Notes that the device of these names refused these credentials just now. */
  add(names: readonly string[], credentials: Credentials): void {
    for (const name of names) this.#add(name, credentials);
  }

  #pausedForSec(device: string, credentials: Credentials): number {
    const recent = this.#recent(device);
    const fingerprint = this.#fingerprint(credentials);
    const same = recent.findLast((refusal) => refusal.fingerprint === fingerprint);
    const blocking = same ?? recent.at(-MOST_TRIES);
    if (!blocking) return 0;
    return Math.ceil((blocking.atMs + WINDOW_MS - this.#clock.monotonicMs()) / 1000);
  }

  #add(device: string, credentials: Credentials): void {
    const refusal = { atMs: this.#clock.monotonicMs(), fingerprint: this.#fingerprint(credentials) };
    const recent = [...this.#recent(device), refusal].slice(-MOST_TRIES);
    this.#refusals.delete(device);
    this.#refusals.set(device, recent);
    if (this.#refusals.size <= MOST_DEVICES) return;
    const longestAgo = this.#refusals.keys().next();
    if (!longestAgo.done) this.#refusals.delete(longestAgo.value);
  }

  #recent(device: string): Refusal[] {
    const sinceMs = this.#clock.monotonicMs() - WINDOW_MS;
    return (this.#refusals.get(device) ?? []).filter((refusal) => refusal.atMs > sinceMs);
  }

  #fingerprint({ username, password }: Credentials): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([username, password]))
      .digest('base64');
  }
}
