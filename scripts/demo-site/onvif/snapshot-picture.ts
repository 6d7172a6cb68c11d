import sharp from 'sharp';
import { bandLayout } from '../clip/clip-spec.ts';
import type { DemoCamera } from '../demo-camera.ts';
import { ClockBand } from '../picture/clock-band.ts';

/** The camera's picture of now as a JPEG of the main profile's size, with its clock. */
export async function snapshotPicture(camera: DemoCamera, clockText: string): Promise<Buffer> {
  const { clip } = camera.videos.main;
  const { width, height } = clip;
  const n = camera.videos.main.frameNumberAt(Date.now());
  const still = clip.stills[Math.floor((n % clip.frames.length) / clip.gop)];
  const black = { create: { width, height, channels: 3 as const, background: 'black' } };
  const picture = camera.fault.kind === 'black' || still === undefined ? sharp(black) : sharp(still);
  const band = new ClockBand(bandLayout(width, height, clip.codec), clip.background).paint(clockText);
  const rgb = Buffer.alloc(band.width * band.height * 3);
  for (let i = 0; i < band.y.length; i += 1) {
    const x = i % band.width;
    const c = ((Math.floor(i / band.width) >> 1) * band.width) / 2 + (x >> 1);
    const y = 1.164 * (band.y[i]! - 16);
    const u = band.u[c]! - 128;
    const v = band.v[c]! - 128;
    rgb[i * 3] = Math.max(0, Math.min(255, y + 1.793 * v));
    rgb[i * 3 + 1] = Math.max(0, Math.min(255, y - 0.213 * u - 0.533 * v));
    rgb[i * 3 + 2] = Math.max(0, Math.min(255, y + 2.112 * u));
  }
  const raw = { width: band.width, height: band.height, channels: 3 as const };
  return picture
    .composite([{ input: rgb, raw, left: 0, top: 0 }])
    .jpeg({ quality: 88 })
    .toBuffer();
}
