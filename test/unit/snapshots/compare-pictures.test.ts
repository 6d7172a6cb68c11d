import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { comparePictures } from '../../../gateway/snapshots/compare-pictures.ts';
import { globalShift } from '../../../gateway/snapshots/phase-correlation.ts';
import { dayPartAt } from '../../../scripts/demo-site/picture/day-light.ts';
import { Film } from '../../../scripts/demo-site/picture/film.ts';
import { sceneNamed } from '../../../scripts/demo-site/picture/scene-named.ts';

type Scene = Parameters<typeof sceneNamed>[0];

/** A rendered site on a day and hour. */
function still(scene: Scene, date: string, hour: number): Promise<Buffer> {
  const dayNumber = Math.floor(Date.parse(date) / 86_400_000);
  const film = new Film(sceneNamed(scene, dayNumber, 0), dayPartAt(hour), dayNumber, 480, 270, 16);
  film.frameAt(hour % 12);
  return film.still();
}

/** The view turned by `dx`, `dy` pixels of a picture 420 wide. */
function turned(picture: Buffer, dx: number, dy = 0): Promise<Buffer> {
  return sharp(picture)
    .extract({ left: 24 + dx, top: 12 + dy, width: 420, height: 236 })
    .jpeg()
    .toBuffer();
}

let november: Buffer;
let may: Buffer;
let night: Buffer;
let pit: Buffer;
beforeAll(async () => {
  november = await still('tower', '2026-11-20', 14);
  may = await still('tower', '2026-05-20', 9);
  night = await still('tower', '2026-11-20', 22);
  pit = await still('pit', '2026-11-20', 14);
});

describe('two pictures of a site', () => {
  it('lie on each other after half a year of building, and by night', async () => {
    for (const other of [november, may, night]) {
      const { shift, moved, similarity } = await comparePictures(november, other);
      expect(moved).toBe(false);
      expect(Math.hypot(shift?.x ?? 1, shift?.y ?? 1)).toBeLessThan(0.005);
      expect(similarity).toBeGreaterThan(0.25);
    }
  });

  it.each([
    [21, 0],
    [-12, 0],
    [9, 8],
  ])('tell that the camera was turned by %i, %i pixels, and how far', async (dx, dy) => {
    for (const other of [may, night]) {
      const match = await comparePictures(await turned(november, 0), await turned(other, dx, dy));
      expect(match.moved).toBe(true);
      expect(Math.abs((match.shift?.x ?? 1) + dx / 420)).toBeLessThan(0.006);
      expect(Math.abs((match.shift?.y ?? 1) + dy / 236)).toBeLessThan(0.009);
    }
  });

  it('may sway a little', async () => {
    const match = await comparePictures(await turned(november, 0), await turned(may, 2));
    expect(match.moved).toBe(false);
  });

  it('cannot be matched when they show different sites, or nothing', async () => {
    const grey = { width: 320, height: 180, channels: 3, background: '#777' } as const;
    const plain = await sharp({ create: grey }).jpeg().toBuffer();
    for (const other of [pit, plain]) {
      const match = await comparePictures(november, other);
      expect(match).toMatchObject({ shift: null, moved: true });
      expect(match.similarity).toBeLessThan(0.15);
    }
  });
});

it('the shift is found to the pixel in both directions, round the edges', () => {
  const [width, height] = [64, 32];
  const value = (x: number, y: number) => Math.sin(x * 12.9898 + y * 78.233) * 43_758.5453;
  const noise = (dx: number, dy: number) => ({
    width,
    height,
    pixels: Float32Array.from({ length: width * height }, (_, at) => {
      const noisy = value((at % width) + dx, Math.floor(at / width) + dy);
      return noisy - Math.floor(noisy);
    }),
  });
  for (const [dx, dy] of [
    [0, 0],
    [5, -3],
    [-9, 2],
  ] as const) {
    const { x, y } = globalShift(noise(0, 0), noise(dx, dy));
    expect([Math.round(x), Math.round(y)].map((side) => side + 0)).toEqual([-dx + 0, -dy + 0]);
  }
});
