import type { DayLight } from './day-light.ts';
import { hash01, valueNoise } from './noise.ts';

/** Paints the sky as a function of the row alone in the top band (where the clock is written), with clouds below it. */
export class Sky {
  private readonly light: DayLight;
  private readonly horizonY: number;
  private readonly plainRows: number;

  constructor(light: DayLight, horizonY: number, plainRows: number) {
    this.light = light;
    this.horizonY = Math.max(horizonY, plainRows * 2);
    this.plainRows = plainRows;
  }

  /** Linear colour of the sky at a pixel, into `out`. */
  at(x: number, y: number, out: Float32Array): void {
    const { skyTop, skyHorizon, cloudiness, lamps } = this.light;
    const up = Math.max(0, 1 - y / this.horizonY);
    const t = up ** 0.75;
    for (let i = 0; i < 3; i += 1) out[i] = skyHorizon[i]! + (skyTop[i]! - skyHorizon[i]!) * t;
    if (y < this.plainRows) return;
    const fade = Math.min(1, (y - this.plainRows) / this.plainRows);
    if (lamps === 1) this.stars(x, y, fade, out);
    const s = this.horizonY;
    const u = (x / s) * 2.2;
    const v = (y / s) * 6;
    const puff =
      0.5 * valueNoise(u, v, 51) +
      0.3 * valueNoise(u * 2.3, v * 2.3, 52) +
      0.2 * valueNoise(u * 5, v * 5, 53);
    const cover = Math.max(0, Math.min(1, (puff - 0.62 + cloudiness * 0.25) * 3)) * fade * 0.65;
    for (let i = 0; i < 3; i += 1) out[i] = out[i]! + (Math.min(1, skyHorizon[i]! * 1.18) - out[i]!) * cover;
  }

  private stars(x: number, y: number, fade: number, out: Float32Array): void {
    if (hash01(x >> 1, y >> 1, 61) < 0.9993) return;
    const shine = 0.25 * fade * hash01(x >> 1, y >> 1, 62);
    for (let i = 0; i < 3; i += 1) out[i] = out[i]! + shine;
  }
}
