import type { PictureQuality } from '../contract/snapshot.ts';

/** What a look at a picture can find wrong. */
export type PictureFault = Exclude<PictureQuality['verdict'], 'ok'>;

/** A fault of a camera that works: it delivers pictures, but not good ones, or by a wrong clock. All are yellow. */
export type ConditionCode = 'low-fps' | 'packet-loss' | 'clock-drift' | PictureFault;

/** How long something must be read before it is believed. */
export interface Persistence {
  /** So many readings in a row … */
  times: number;
  /** … over at least this time. */
  ms: number;
}

/** When one condition counts, when it is over, and when it is not known any more. */
export interface ConditionRule {
  counts: Persistence;
  ends: Persistence;
  /** A suspicion is dropped when nothing was read for so long; null: it waits for the next reading. */
  doubtMs: number | null;
  /** The same of a condition that counts. */
  staleMs: number | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A single picture may show a lorry in front of the lens; the camera is asked for a second one soon. */
const OF_PICTURES: ConditionRule = {
  counts: { times: 2, ms: 0 },
  ends: { times: 1, ms: 0 },
  doubtMs: null,
  staleMs: null,
};

/** The table of conditions; streams are read each second while they run, clocks and pictures now and then. */
export const conditionRules: Readonly<Record<ConditionCode, ConditionRule>> = {
  'packet-loss': {
    counts: { times: 1, ms: 20_000 },
    ends: { times: 1, ms: 20_000 },
    // Losses may break the stream off; what was seen before a quick reconnect still holds.
    doubtMs: 30_000,
    staleMs: 2 * HOUR_MS,
  },
  'low-fps': {
    counts: { times: 1, ms: 20_000 },
    ends: { times: 1, ms: 15_000 },
    doubtMs: 5000,
    staleMs: 2 * HOUR_MS,
  },
  'clock-drift': {
    counts: { times: 2, ms: 20_000 },
    ends: { times: 1, ms: 0 },
    doubtMs: 3 * HOUR_MS,
    staleMs: 24 * HOUR_MS,
  },
  black: OF_PICTURES,
  overexposed: OF_PICTURES,
  blurred: OF_PICTURES,
  frozen: OF_PICTURES,
  covered: OF_PICTURES,
  moved: OF_PICTURES,
};

/** All faults of pictures. */
export const pictureFaults = ['black', 'overexposed', 'covered', 'frozen', 'blurred', 'moved'] as const;

/** True for a code that is a fault of pictures. */
export function isPictureFault(code: string): code is PictureFault {
  return (pictureFaults as readonly string[]).includes(code);
}

/** True for a code that is a condition. */
export function isCondition(code: string): code is ConditionCode {
  return Object.hasOwn(conditionRules, code);
}
