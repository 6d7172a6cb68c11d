import { hash01 } from '../../scripts/demo-site/picture/noise.ts';
import type { Moment } from './camera-life.ts';
import type { NearObject } from './near-object.ts';
import type { Staging } from './staged-picture.ts';

const nearObjects: NearObject[] = ['bag', 'tarpaulin', 'paint', 'hand', 'board'];

/** The faults and the hard cases staged at a moment: a few of each kind in turn, so that a life has all of them in all lights. */
export function stagingsAt({ part, weather }: Moment, nth: number, seed: number): Staging[] {
  const share = (salt: number): number => hash01(nth, salt, seed);
  const sign = (salt: number): number => (share(salt) < 0.5 ? -1 : 1);
  const night = part === 'night';
  // Where fog or dust hides the site, nobody could tell a view that has moved or is out of focus.
  const hidden = weather === 'thick fog' || (night && (weather === 'fog' || weather === 'dust'));
  const inSight = (staging: Staging): Staging | null => (hidden ? null : staging);
  const faults: (Staging | null)[] = [
    { kind: 'lens dark', expected: 'black', dark: true },
    night ? null : { kind: 'far too bright', expected: 'overexposed', gain: 5 + share(1) * 10 },
    inSight({ kind: 'out of focus', expected: 'blurred', defocusPx: 4 + share(2) * 6 }),
    covered(share, night),
    inSight({
      kind: 'turned',
      expected: 'moved',
      aim: { x: sign(5) * (0.04 + share(6) * 0.08), y: (share(7) - 0.5) * 0.12, rollDeg: 0, zoom: 1 },
    }),
    inSight({
      kind: 'rolled',
      expected: 'moved',
      aim: { x: 0, y: 0, rollDeg: sign(8) * (3.5 + share(9) * 5), zoom: 1.05 },
    }),
    inSight({
      kind: 'zoomed',
      expected: 'moved',
      aim: { x: 0, y: 0, rollDeg: 0, zoom: 1.12 + share(10) * 0.3 },
    }),
    { kind: 'blue card', expected: 'covered', card: [12, 20, 190] },
  ];
  const hard: Staging[] = [
    { kind: 'crane close by', expected: 'ok', object: { kind: 'crane', left: 0.3, right: 0.55 } },
    { kind: 'mast sways', expected: 'ok', aim: { x: sign(11) * 0.009, y: 0.005, rollDeg: 0, zoom: 1 } },
    { kind: 'focus breathes', expected: 'ok', defocusPx: 0.9, aim: { x: 0, y: 0, rollDeg: 0, zoom: 1.01 } },
    { kind: 'net on the scaffold', expected: 'ok', object: { kind: 'net', left: 0.25, right: 0.6 } },
    { kind: 'tarpaulin on a stack', expected: 'ok', object: { kind: 'sheet', left: 0.05, right: 0.35 } },
    { kind: 'welding arc', expected: 'ok', weldingAt: { x: 0.5, y: 0.6, radiusPx: 40 } },
    { kind: 'snow on half of it', expected: 'ok', halfSnow: true },
    { kind: 'drops on the glass', expected: 'ok', drops: true },
  ];
  const turn = (list: readonly (Staging | null)[], of: number) => list[(nth * 3 + of) % list.length];
  return [turn(faults, 0), turn(faults, 1), turn(faults, 2), hard[nth % hard.length]].filter(
    (one) => one != null,
  );
}

function covered(share: (salt: number) => number, night: boolean): Staging | null {
  if (night) return null;
  const kind = nearObjects[Math.floor(share(3) * nearObjects.length)] ?? 'bag';
  const whole = share(4) < 0.5;
  const object = whole
    ? { kind, left: -0.3, right: 1.3 }
    : { kind, left: -0.3, right: 0.75 + share(12) * 0.2 };
  return { kind: `${kind} before the lens`, expected: 'covered', object };
}
