import type { Light } from '../contract/health.ts';
import { worstLight } from './reason-rules.ts';
import { uptimeOf } from './uptime.ts';
import type { Downtime, TimedLight } from './uptime.ts';

/** Share of the known time 0 … 1, or null when nothing is known. */
export type UptimeShare = number | null;

/** A camera that flickers more often than this in 30 days has its oldest changes left out here (not on disk). */
const MOST_CHANGES = 5000;

/** One camera's lights of the last 30 days in memory, oldest first; the first may lie before them and holds from there. */
export class LightHistory {
  #lights: TimedLight[];

  constructor(lights: readonly TimedLight[]) {
    this.#lights = lights.slice(-MOST_CHANGES);
  }

  add(light: TimedLight): void {
    this.#lights.push(light);
    if (this.#lights.length > MOST_CHANGES) this.#lights.shift();
  }

  /** Forgets what lies before `fromMs`, but for the light that held then. */
  forgetBefore(fromMs: number): void {
    const first = this.#lights.findLastIndex(({ atMs }) => atMs <= fromMs);
    if (first > 0) this.#lights.splice(0, first);
  }

  /** Share of the known time between two instants in which the camera was green or yellow. */
  uptime(downtimes: readonly Downtime[], fromMs: number, toMs: number): UptimeShare {
    return uptimeOf(this.#within(fromMs, toMs), downtimes, fromMs, toMs);
  }

  /** The worst light between two instants; grey where none is known, as while the gateway was off. */
  worst(downtimes: readonly Downtime[], fromMs: number, toMs: number): Light {
    if (downtimes.some((down) => down.fromMs <= fromMs && down.toMs >= toMs)) return 'grey';
    return worstLight(this.#within(fromMs, toMs).map(({ light }) => light));
  }

  /** The lights that held at any time in the span. */
  #within(fromMs: number, toMs: number): TimedLight[] {
    const first = Math.max(
      0,
      this.#lights.findLastIndex(({ atMs }) => atMs <= fromMs),
    );
    const end = this.#lights.findIndex(({ atMs }) => atMs >= toMs);
    return this.#lights.slice(first, end < 0 ? undefined : end);
  }
}
