import type { Light } from '../../gateway/contract/health.ts';

/** Bars are two pixels wide and three apart; a full one is 14 high and stands on line 16. */
const STEP = 3;
const FLOOR = 16;
const FULL = 14;
/** Heights tell what colours tell: full is fine, half a warning, low is down, a dot is not known. */
const HEIGHTS: Readonly<Record<string, number>> = { g: FULL, y: 9, r: 5, '-': 1 };
const LETTERS: Readonly<Record<Light, string>> = { green: 'g', yellow: 'y', red: 'r', grey: '-' };
const WORST = '-gyr';

/** SVG paths of the bars of a day's half hours, one for each kind. */
export function halfHourPaths(halfHours: string): Record<'fine' | 'warn' | 'down' | 'unknown', string> {
  const of = (wanted: string): string =>
    Array.from(halfHours)
      .map((letter, index) => (letter === wanted ? bar(index, HEIGHTS[letter] ?? 1) : ''))
      .join('');
  return { fine: of('g'), warn: of('y'), down: of('r'), unknown: of('-') };
}

/** SVG paths of the bars of days: as high as the share of time that the camera was up, of all time where it was not. */
export function dayPaths(days: readonly (number | null)[]): Record<'fine' | 'down' | 'unknown', string> {
  const path = (height: (share: number | null) => number | null): string =>
    days.map((share, index) => barOf(index, height(share))).join('');
  return {
    fine: path((share) => (share !== null && share >= 0.5 ? Math.max(4, share * FULL) : null)),
    down: path((share) => (share !== null && share < 0.5 ? Math.max(2, share * FULL) : null)),
    unknown: path((share) => (share === null ? 1 : null)),
  };
}

/** The half hours with the light of now in the last one, the worse of what it had and has. */
export function withLight(halfHours: string, light: Light): string {
  const last = halfHours.at(-1) ?? '-';
  const now = LETTERS[light];
  return halfHours.slice(0, -1) + (WORST.indexOf(now) > WORST.indexOf(last) ? now : last);
}

/** Hours of a day in which the camera was down, and in which it had a warning, by half hours. */
export function hoursOf(halfHours: string): { down: number; warn: number } {
  const count = (wanted: string): number =>
    Array.from(halfHours).filter((letter) => letter === wanted).length / 2;
  return { down: count('r'), warn: count('y') };
}

function barOf(index: number, height: number | null): string {
  return height === null ? '' : bar(index, height);
}

function bar(index: number, height: number): string {
  const tall = Math.round(height * 10) / 10;
  return `M${index * STEP} ${FLOOR}v-${tall}h2v${tall}z`;
}
