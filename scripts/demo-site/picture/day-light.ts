import { hash01 } from './noise.ts';
import { normalize, type Vec3 } from './vec3.ts';

/** The six lights of a day; a clip is made for each. */
export const dayParts = ['night', 'dawn', 'morning', 'noon', 'afternoon', 'dusk'] as const;

/** One of the six lights of a day. */
export type DayPart = (typeof dayParts)[number];

/** Linear-light RGB, 1 is white in full sun. */
export type Light = readonly [number, number, number];

/** How the scene is lit; constant during one clip. */
export interface DayLight {
  toSun: Vec3;
  sun: Light;
  ambient: Light;
  skyTop: Light;
  skyHorizon: Light;
  /** Fog per metre. */
  fogPerM: number;
  /** 0 by day, 1 at night: lamps and windows. */
  lamps: number;
  cloudiness: number;
}

/** The light of an hour (0–24, fractions allowed) of the local day. */
export function dayPartAt(hour: number): DayPart {
  if (hour < 5.25 || hour >= 19) return 'night';
  if (hour < 7.25) return 'dawn';
  if (hour < 10.5) return 'morning';
  if (hour < 14) return 'noon';
  return hour < 17 ? 'afternoon' : 'dusk';
}

const lights: Record<DayPart, Omit<DayLight, 'fogPerM' | 'cloudiness' | 'toSun'> & { toSun: Vec3 }> = {
  night: {
    toSun: [-0.4, -0.5, 0.75],
    sun: [0.012, 0.016, 0.028],
    ambient: [0.018, 0.022, 0.036],
    skyTop: [0.006, 0.009, 0.02],
    skyHorizon: [0.045, 0.042, 0.05],
    lamps: 1,
  },
  dawn: {
    toSun: [0.85, -0.35, 0.3],
    sun: [0.95, 0.6, 0.36],
    ambient: [0.24, 0.27, 0.36],
    skyTop: [0.2, 0.3, 0.5],
    skyHorizon: [0.78, 0.6, 0.5],
    lamps: 0.35,
  },
  morning: {
    toSun: [0.62, -0.55, 0.56],
    sun: [1.0, 0.9, 0.74],
    ambient: [0.3, 0.34, 0.42],
    skyTop: [0.26, 0.43, 0.68],
    skyHorizon: [0.66, 0.72, 0.76],
    lamps: 0,
  },
  noon: {
    toSun: [0.25, -0.5, 0.83],
    sun: [1.02, 0.96, 0.86],
    ambient: [0.32, 0.36, 0.42],
    skyTop: [0.27, 0.45, 0.7],
    skyHorizon: [0.68, 0.74, 0.78],
    lamps: 0,
  },
  afternoon: {
    toSun: [-0.6, -0.52, 0.6],
    sun: [1.03, 0.88, 0.68],
    ambient: [0.3, 0.33, 0.4],
    skyTop: [0.27, 0.42, 0.64],
    skyHorizon: [0.7, 0.71, 0.7],
    lamps: 0,
  },
  dusk: {
    toSun: [-0.88, -0.3, 0.24],
    sun: [0.85, 0.42, 0.2],
    ambient: [0.17, 0.18, 0.27],
    skyTop: [0.1, 0.15, 0.3],
    skyHorizon: [0.75, 0.44, 0.28],
    lamps: 0.7,
  },
};

const mixed = (a: Light, b: Light, t: number): Light => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];

/** The light of one part of one day; the weather (clear, hazy, overcast) follows from the day's number. */
export function dayLight(part: DayPart, dayNumber: number): DayLight {
  const base = lights[part];
  const dice = hash01(dayNumber, 3, 11);
  const overcast = dice > 0.82 ? 0.75 : dice > 0.55 ? 0.3 : 0;
  const grey: Light = mixed(base.skyHorizon, base.ambient, 0.4);
  return {
    ...base,
    toSun: normalize(base.toSun),
    sun: mixed(base.sun, [0.1, 0.1, 0.1], overcast),
    ambient: mixed(
      base.ambient,
      [base.ambient[0] * 1.35, base.ambient[1] * 1.3, base.ambient[2] * 1.2],
      overcast,
    ),
    skyTop: mixed(base.skyTop, grey, overcast),
    skyHorizon: mixed(base.skyHorizon, grey, overcast * 0.4),
    fogPerM: 0.00075 + overcast * 0.001,
    cloudiness: 0.25 + overcast,
  };
}
