import { hash01 } from '../../scripts/demo-site/picture/noise.ts';
import type { DayPart } from '../../scripts/demo-site/picture/day-light.ts';
import type { Coding } from './encode-pictures.ts';
import type { Viewpoint } from './scene-layers.ts';

/** The weather of a moment. */
export type Weather =
  | 'clear'
  | 'fog'
  | 'thick fog'
  | 'dust'
  | 'rain'
  | 'snow'
  | 'snowfall'
  | 'low sun'
  | 'welding';

/** A moment at which a camera of the set takes a picture. */
export interface Moment {
  /** Hours since the life began at midnight. */
  hour: number;
  dayNumber: number;
  part: DayPart;
  weather: Weather;
}

/** A camera of the set: where it looks from, and how good its sensor, lens and encoder are. */
export interface SetCamera {
  name: string;
  view: Viewpoint;
  seed: number;
  coding: Coding;
  /** Noise by day and by night, of 255. */
  grain: { day: number; night: number };
  /** Softness of its lens at its best, pixels. */
  lensPx: number;
  /** Grey pictures by night. */
  infrared: boolean;
  overlay: boolean;
  moments: Moment[];
}

const views: [part: 'tuning' | 'held-out', view: Viewpoint][] = [
  ['tuning', { scene: 'tower', variant: 0, turnDeg: 0, rise: 1, zoom: 1 }],
  ['tuning', { scene: 'tower', variant: 1, turnDeg: 20, rise: 1.2, zoom: 1.1 }],
  ['tuning', { scene: 'gate', variant: 0, turnDeg: 0, rise: 1, zoom: 1 }],
  ['tuning', { scene: 'gate', variant: 1, turnDeg: -18, rise: 1.3, zoom: 1 }],
  ['tuning', { scene: 'tower', variant: 2, turnDeg: -30, rise: 0.9, zoom: 0.9 }],
  ['tuning', { scene: 'gate', variant: 0, turnDeg: 25, rise: 1.2, zoom: 1.2 }],
  ['held-out', { scene: 'bridge', variant: 0, turnDeg: 0, rise: 1, zoom: 1 }],
  ['held-out', { scene: 'pit', variant: 0, turnDeg: 0, rise: 1, zoom: 1 }],
  ['held-out', { scene: 'bridge', variant: 1, turnDeg: 15, rise: 1.2, zoom: 1.1 }],
  ['held-out', { scene: 'pit', variant: 1, turnDeg: -25, rise: 1.1, zoom: 1 }],
  ['held-out', { scene: 'bridge', variant: 0, turnDeg: -25, rise: 1.5, zoom: 1 }],
  ['held-out', { scene: 'pit', variant: 0, turnDeg: 40, rise: 1, zoom: 1.2 }],
];

const codings: Coding[] = [
  { codec: 'h264', crf: 24, preset: 'superfast' },
  { codec: 'h265', crf: 34, preset: 'ultrafast' },
  { codec: 'h264-rate', kbps: 140, preset: 'veryfast' },
  { codec: 'h264', crf: 38, preset: 'veryfast' },
  { codec: 'h264-rate', kbps: 450, preset: 'superfast' },
  { codec: 'jpeg', quality: 70 },
];

const episodes: Weather[] = ['fog', 'dust', 'rain', 'snow', 'snowfall', 'thick fog', 'low sun', 'welding'];

/** Cameras of the set's part; `rounds` gives each view that many cameras with other sensors and encoders. */
export function setCameras(part: 'tuning' | 'held-out', rounds: number): SetCamera[] {
  const own = views.filter(([of]) => of === part);
  return Array.from({ length: rounds * own.length }, (_, index) => {
    const view = own[index % own.length]![1];
    const round = Math.floor(index / own.length);
    const seed = index * 1000 + (part === 'tuning' ? 1 : 500_001);
    const coding = codings[(index + round) % codings.length]!;
    return {
      name: `${part} ${index + 1}: ${view.scene}`,
      view,
      seed,
      coding,
      grain: { day: 0.6 + hash01(seed, 1, 5) * 1.8, night: 2 + hash01(seed, 2, 5) * 6 },
      lensPx: hash01(seed, 3, 5) * 0.9,
      infrared: index % 3 === 1,
      overlay: index % 4 !== 3,
      moments: momentsOf(seed),
    };
  });
}

const hours: [hour: number, part: DayPart][] = [
  [8, 'morning'],
  [9.5, 'morning'],
  [12, 'noon'],
  [15, 'afternoon'],
  [18, 'dusk'],
  [20, 'night'],
  [22, 'night'],
  [25, 'night'],
  [28, 'night'],
  [30, 'dawn'],
];

/** Three days: the first is clear, the others have the weather of three episodes; the site has grown a little by the third. */
function momentsOf(seed: number): Moment[] {
  const first = 20_700 + Math.floor(hash01(seed, 9, 5) * 120);
  return [0, 1, 2].flatMap((day) =>
    hours.map(([hour, part], index): Moment => {
      const episode =
        episodes[(Math.floor(seed / 1000) + day * 3 + Math.floor(index / 4)) % episodes.length]!;
      const weather = day === 0 || index % 4 === 3 ? 'clear' : episode;
      return { hour: day * 24 + hour, dayNumber: first + (day === 2 ? 4 : 0), part, weather };
    }),
  );
}
