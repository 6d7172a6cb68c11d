import type { Light } from '../contract/health.ts';

/** A light that holds from `atMs` until the next one. */
export interface TimedLight {
  atMs: number;
  light: Light;
}

/** A time during which the gateway was not running, so that nothing is known. */
export interface Downtime {
  fromMs: number;
  toMs: number;
}

/**
 * Share (0…1) of the known time between two instants in which a camera was green or yellow. Grey time (disabled,
 * maintenance, not yet known) and the gateway's own downtimes are left out; null when nothing is left.
 * `lights` are in order of time; the first may lie before `fromMs` and then holds from there.
 */
export function uptimeOf(
  lights: readonly TimedLight[],
  downtimes: readonly Downtime[],
  fromMs: number,
  toMs: number,
): number | null {
  let upMs = 0;
  let knownMs = 0;
  lights.forEach((timed, index) => {
    if (timed.light === 'grey') return;
    const start = Math.max(timed.atMs, fromMs);
    const end = Math.min(lights[index + 1]?.atMs ?? toMs, toMs);
    const spanMs = Math.max(0, end - start) - overlapMs(downtimes, start, end);
    if (spanMs <= 0) return;
    knownMs += spanMs;
    if (timed.light !== 'red') upMs += spanMs;
  });
  return knownMs === 0 ? null : upMs / knownMs;
}

function overlapMs(downtimes: readonly Downtime[], start: number, end: number): number {
  let sum = 0;
  for (const { fromMs, toMs } of downtimes) sum += Math.max(0, Math.min(end, toMs) - Math.max(start, fromMs));
  return sum;
}
