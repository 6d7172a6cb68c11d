import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { parseRtspUrl } from './rtsp/rtsp-url.ts';
import type { StreamSource } from './stream-sources.ts';

/** A camera that refuses the password is not tried again by itself before this time went by: cameras lock accounts. */
const PAUSE_MS = 5 * 60_000;
/** More sign-ins than a site has; the oldest are forgotten beyond. */
const MAX_ENTRIES = 4096;

/** What the gate says to a try: go ahead, stay away until a time, or wait for the try that is under way. */
export type GateAnswer =
  | { kind: 'go' }
  | { kind: 'paused'; untilMs: number }
  | { kind: 'wait'; settled: Promise<void> };

interface Entry {
  refusedUntilMs: number;
  proven: boolean;
  trying: { settled: Promise<void>; settle: () => void } | undefined;
  /** Revisions that were let through once in spite of a refusal. */
  renewedBy: Set<string>;
}

/** Names a sign-in: address, user name and password, the last not readable. */
export function signInKey(source: StreamSource): string {
  const target = parseRtspUrl(source.url);
  const secret = createHash('sha256').update(`${source.username}\0${source.password}`).digest('base64url');
  return `${target?.host ?? source.url}:${target?.port ?? ''} ${secret}`;
}

/**
 * Keeps wrong passwords from being tried again and again: for both profiles of a camera together, and for all channels of
 * a recorder. Lives as long as the hub.
 */
export class AuthGate {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks to try a sign-in; `go` must be followed by `taken`, `refused` or `released`. */
  enter(key: string): GateAnswer {
    const entry = this.#entry(key);
    if (entry.refusedUntilMs > this.#clock.now()) return { kind: 'paused', untilMs: entry.refusedUntilMs };
    if (entry.proven) return { kind: 'go' };
    if (entry.trying) return { kind: 'wait', settled: entry.trying.settled };
    const { promise, resolve } = Promise.withResolvers<void>();
    entry.trying = { settled: promise, settle: resolve };
    return { kind: 'go' };
  }

  /** A person saved the sign-in anew: one more try is due at once, for all that carry this revision together. */
  renew(key: string, revision: string): void {
    const entry = this.#entry(key);
    if (entry.renewedBy.has(revision)) return;
    entry.renewedBy.add(revision);
    entry.refusedUntilMs = 0;
  }

  /** The camera took the password: later tries need not wait for each other. */
  taken(key: string): void {
    const entry = this.#entry(key);
    entry.proven = true;
    entry.refusedUntilMs = 0;
    this.released(key);
  }

  /** The camera refused; returns until when nobody tries. */
  refused(key: string): number {
    const entry = this.#entry(key);
    entry.proven = false;
    entry.refusedUntilMs = this.#clock.now() + PAUSE_MS;
    this.released(key);
    return entry.refusedUntilMs;
  }

  /** The try ended before the camera said anything about the password. */
  released(key: string): void {
    const entry = this.#entry(key);
    entry.trying?.settle();
    entry.trying = undefined;
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known) return known;
    const oldest = this.#entries.size >= MAX_ENTRIES ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined) this.#entries.delete(oldest);
    const entry: Entry = { refusedUntilMs: 0, proven: false, trying: undefined, renewedBy: new Set() };
    this.#entries.set(key, entry);
    return entry;
  }
}
