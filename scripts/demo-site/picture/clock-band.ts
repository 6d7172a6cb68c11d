import { drawGlyph, type Glyph } from './stroke-font.ts';

/** Planar 4:2:0 picture, video range. */
export interface YuvPicture {
  width: number;
  height: number;
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
}

/** Colours of a band that is equal along each row: luma for each row, chroma for each second row. */
export interface BandBackground {
  y: number[];
  u: number[];
  v: number[];
}

/** How the clock's text lies in its band; pixels. */
export interface BandLayout {
  width: number;
  height: number;
  leftPx: number;
  topPx: number;
  glyphWidthPx: number;
  glyphHeightPx: number;
  advancePx: number;
}

/** Draws the clock's text over the band at the top of a picture; glyphs are drawn once and kept. */
export class ClockBand {
  private readonly layout: BandLayout;
  private readonly background: BandBackground;
  private readonly glyphs = new Map<string, Glyph>();

  constructor(layout: BandLayout, background: BandBackground) {
    this.layout = layout;
    this.background = background;
  }

  /** The band with the text on it. */
  paint(text: string): YuvPicture {
    const picture = this.empty();
    let x = this.layout.leftPx;
    for (const char of text) {
      if (char !== ' ') this.put(picture, this.glyph(char), x, this.layout.topPx);
      x += this.layout.advancePx;
    }
    return picture;
  }

  private empty(): YuvPicture {
    const { width, height } = this.layout;
    const y = new Uint8Array(width * height);
    const u = new Uint8Array((width * height) / 4);
    const v = new Uint8Array((width * height) / 4);
    for (let row = 0; row < height; row += 1) y.fill(this.background.y[row]!, row * width, (row + 1) * width);
    const half = width / 2;
    for (let row = 0; row < height / 2; row += 1) {
      u.fill(this.background.u[row]!, row * half, (row + 1) * half);
      v.fill(this.background.v[row]!, row * half, (row + 1) * half);
    }
    return { width, height, y, u, v };
  }

  private glyph(char: string): Glyph {
    const kept = this.glyphs.get(char);
    if (kept !== undefined) return kept;
    const drawn = drawGlyph(char, this.layout.glyphWidthPx, this.layout.glyphHeightPx);
    this.glyphs.set(char, drawn);
    return drawn;
  }

  private put(picture: YuvPicture, glyph: Glyph, left: number, top: number): void {
    const half = picture.width / 2;
    for (let gy = 0; gy < glyph.height; gy += 1) {
      for (let gx = 0; gx < glyph.width; gx += 1) {
        const x = left + gx;
        const y = top + gy;
        if (x >= picture.width || y >= picture.height) continue;
        const ink = glyph.ink[gy * glyph.width + gx]!;
        const edge = Math.max(ink, glyph.edge[gy * glyph.width + gx]!);
        if (edge === 0) continue;
        const at = y * picture.width + x;
        picture.y[at] = picture.y[at]! * (1 - edge) + (235 * ink + 22 * Math.max(0, edge - ink));
        const c = (y >> 1) * half + (x >> 1);
        picture.u[c] = picture.u[c]! + (128 - picture.u[c]!) * edge * 0.5;
        picture.v[c] = picture.v[c]! + (128 - picture.v[c]!) * edge * 0.5;
      }
    }
  }
}
