import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { drawBackdrop, oversampling, type Backdrop } from './backdrop.ts';
import type { BandBackground } from './clock-band.ts';
import { dayLight, type DayPart } from './day-light.ts';
import { MovingPicture, writeYuv } from './moving-picture.ts';
import { putLabel, type Label } from './label.ts';
import { putEffect } from './picture-effect.ts';
import type { PictureEffect } from './picture-effect.ts';
import type { Scene } from './scene.ts';

/** The effect on a still, as near to that on frames as a still needs. */
function throughLens(still: Sharp, effect: PictureEffect | undefined): Sharp {
  if (effect === 'overexposed') return still.linear(0.04, 243).grayscale();
  if (effect === 'covered') return still.blur(80).linear(0.1, 34).grayscale();
  return effect === 'blurred' ? still.blur(14) : still;
}

/** The pictures of one scene in one light as planar YUV frames, drawn one after the other. Lives while a clip is made. */
export class Film {
  private readonly width: number;
  private readonly height: number;
  private readonly backdrop: Backdrop;
  private readonly moving: MovingPicture;
  private readonly clean: Uint8Array;
  private readonly frame: Buffer;
  private readonly label: Label | undefined;
  private readonly bandPx: number;
  private readonly effect: PictureEffect | undefined;

  constructor(
    scene: Scene,
    part: DayPart,
    dayNumber: number,
    width: number,
    height: number,
    bandPx: number,
    label?: Label,
    effect?: PictureEffect,
  ) {
    const light = dayLight(part, dayNumber);
    this.width = width;
    this.height = height;
    this.label = label;
    this.bandPx = bandPx;
    this.effect = effect;
    this.backdrop = drawBackdrop(scene, light, width, height, bandPx);
    this.moving = new MovingPicture(scene, this.backdrop, light.toSun, light.lamps);
    this.clean = new Uint8Array((width * height * 3) / 2);
    this.frame = Buffer.alloc(this.clean.length);
    const all = { left: 0, top: 0, right: this.backdrop.width, bottom: this.backdrop.height };
    writeYuv(this.moving.rgb, this.backdrop.width, all, this.clean, height);
  }

  /** The frame of a moment, YUV 4:2:0 planes one after the other; valid until the next call. */
  frameAt(tSec: number): Buffer {
    for (const box of this.moving.drawAt(tSec)) {
      writeYuv(this.moving.rgb, this.backdrop.width, box, this.clean, this.height);
    }
    this.frame.set(this.clean);
    if (this.effect !== undefined) putEffect(this.frame, this.width, this.height, this.effect, this.bandPx);
    if (this.label !== undefined) putLabel(this.frame, this.width, this.height, this.label);
    return this.frame;
  }

  /** Colours of the top `bandPx` rows, averaged down to `rows` rows. */
  bandBackground(bandPx: number, rows: number): BandBackground {
    const { width, height, clean } = this;
    const group = bandPx / rows;
    const plane = (start: number, stride: number, count: number): number[] =>
      Array.from({ length: count }, (_, row) => {
        let sum = 0;
        for (let i = 0; i < group; i += 1) sum += clean[start + (row * group + i) * stride]!;
        return Math.round(sum / group);
      });
    const chromaAt = width * height;
    return {
      y: plane(0, width, rows),
      u: plane(chromaAt, width / 2, rows / 2),
      v: plane(chromaAt + chromaAt / 4, width / 2, rows / 2),
    };
  }

  /** The picture last drawn as a JPEG, without label and clock. */
  async still(): Promise<Buffer> {
    const { width, height } = this.backdrop;
    const raw = { width, height, channels: 3 as const };
    const still = sharp(Buffer.from(this.moving.rgb), { raw }).resize(
      width / oversampling,
      height / oversampling,
      { kernel: 'cubic' },
    );
    return throughLens(still, this.effect).jpeg({ quality: 92 }).toBuffer();
  }
}
