import { describe, expect, it } from 'vitest';
import { hash01, valueNoise } from '../../../scripts/demo-site/picture/noise.ts';
import { judgePicture } from '../../../gateway/snapshots/quality/judge-picture.ts';
import { picturesFacts } from '../../../gateway/snapshots/quality/picture-facts.ts';
import type { PictureFacts } from '../../../gateway/snapshots/quality/picture-facts.ts';
import { noMemory, rememberPicture, confirmView } from '../../../gateway/snapshots/quality/picture-memory.ts';
import type { PictureMemory } from '../../../gateway/snapshots/quality/picture-memory.ts';

const [WIDTH, HEIGHT] = [640, 360];
interface Shot {
  seed: number;
  shiftX?: number;
  rollDeg?: number;
  softPx?: number;
  gain?: number;
  clock?: number;
  hiddenTo?: number;
  noise?: number;
}

/** A yard of blocks with hard edges, as a camera with a noisy sensor sees it. */
function shot({
  seed,
  shiftX = 0,
  rollDeg = 0,
  softPx = 0,
  gain = 1,
  clock = 0,
  hiddenTo = 0,
  noise = 3,
}: Shot): PictureFacts {
  const pixels = new Float32Array(WIDTH * HEIGHT);
  const roll = (rollDeg * Math.PI) / 180;
  for (let at = 0; at < pixels.length; at += 1) {
    const x = at % WIDTH;
    const y = Math.floor(at / WIDTH);
    const [dx, dy] = [x - WIDTH / 2, y - HEIGHT / 2];
    const sceneX = dx * Math.cos(roll) - dy * Math.sin(roll) + shiftX + WIDTH / 2;
    const sceneY = dx * Math.sin(roll) + dy * Math.cos(roll) + HEIGHT / 2;
    let value = yard(sceneX, sceneY, softPx) * gain;
    if (x < hiddenTo * WIDTH) value = 90 + valueNoise(x / 200, y / 200, 5) * 20;
    if (y < 20 && x < 200 && hash01(x >> 2, clock, 9) > 0.5) value = 250;
    pixels[at] = Math.max(0, Math.min(255, Math.round(value + (hash01(x, y, seed) - 0.5) * 2 * noise)));
  }
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  return picturesFacts({ width: WIDTH, height: HEIGHT, pixels }, [mean, mean, mean]);
}

function yard(x: number, y: number, softPx: number): number {
  if (softPx === 0) return blockAt(x, y);
  let sum = 0;
  for (let n = 0; n < 12; n += 1) {
    const angle = (n * Math.PI) / 6;
    const far = softPx * (n % 2 === 0 ? 1 : 0.5);
    sum += blockAt(x + Math.cos(angle) * far, y + Math.sin(angle) * far);
  }
  return sum / 12;
}

function blockAt(x: number, y: number): number {
  const row = Math.floor((y + 500) / 34);
  const column = Math.floor((x + 2000 + row * 13) / (31 + (row % 3) * 9));
  return 60 + hash01(column, row, 42) * 140;
}

function after(...shots: Shot[]): PictureMemory {
  let memory = noMemory;
  for (const [nth, one] of shots.entries()) {
    const facts = shot(one);
    const picture = { snapshotId: `snap_${nth}`, takenAtMs: nth * 600_000 };
    memory = rememberPicture(memory, facts, judgePicture(facts, memory), picture);
  }
  return memory;
}

const verdict = (one: Shot, memory: PictureMemory): string => judgePicture(shot(one), memory).verdict;
const known = after({ seed: 1 }, { seed: 2 });

describe('judgePicture', () => {
  it('finds nothing wrong with a noisy picture of the same view, a sway and another light', () => {
    expect(verdict({ seed: 3 }, known)).toBe('ok');
    expect(verdict({ seed: 3, shiftX: 6 }, known)).toBe('ok');
    expect(verdict({ seed: 3, gain: 0.6 }, known)).toBe('ok');
  });

  it('calls a view moved that is shifted or turned, and says by how much', () => {
    const shifted = judgePicture(shot({ seed: 3, shiftX: -40 }), known);
    expect(shifted).toMatchObject({ verdict: 'moved' });
    expect(shifted.why).toContain('6 % of the width to the right');
    expect(verdict({ seed: 3, rollDeg: 6 }, known)).toBe('moved');
  });

  it('takes the confirmed view for the right one', () => {
    const moved = { seed: 3, shiftX: -40 };
    const memory = confirmView(known, shot(moved), { snapshotId: 'snap_9', takenAtMs: 9_000_000 });
    expect(verdict({ ...moved, seed: 4 }, memory)).toBe('ok');
    expect(verdict({ seed: 4 }, memory)).toBe('moved');
  });

  it('calls an encoder frozen whose clock runs, but not a site where nothing moves', () => {
    const twice = after({ seed: 1 }, { seed: 2, clock: 1 }, { seed: 2, clock: 4 });
    expect(verdict({ seed: 2, clock: 7 }, twice)).toBe('frozen');
    expect(verdict({ seed: 5, clock: 7 }, after({ seed: 1 }, { seed: 2 }, { seed: 3 }))).toBe('ok');
  });

  it('calls nothing frozen by two pictures, nor by pictures of one moment', () => {
    expect(verdict({ seed: 2, clock: 7 }, known)).toBe('ok');
    const atOnce = [1, 2, 3].reduce((memory, nth) => {
      const facts = shot({ seed: 2, clock: nth });
      const picture = { snapshotId: `snap_${nth}`, takenAtMs: 600_000 + nth * 1000 };
      return rememberPicture(memory, facts, judgePicture(facts, memory), picture);
    }, noMemory);
    expect(verdict({ seed: 2, clock: 7 }, atOnce)).toBe('ok');
  });

  it('tells out of focus from covered', () => {
    expect(verdict({ seed: 3, softPx: 6 }, known)).toBe('blurred');
    expect(verdict({ seed: 3, hiddenTo: 0.85 }, known)).toBe('covered');
    expect(verdict({ seed: 3, hiddenTo: 0.3 }, known)).not.toBe('covered');
  });

  it('tells black and burnt-out pictures without any memory', () => {
    expect(verdict({ seed: 3, gain: 0.02 }, noMemory)).toBe('black');
    expect(verdict({ seed: 3, gain: 9 }, noMemory)).toBe('overexposed');
  });
});
