import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../gateway/snapshots/chain-hash.ts';
import type { Still } from '../../../gateway/snapshots/capture.ts';
import { RecordFixture } from './record-fixture.ts';

let fixture: RecordFixture;
let stills: (Still | null)[];
let asked: number;

beforeEach(async () => {
  fixture = await RecordFixture.open({ schedule: '0 0 1 1 *' });
  stills = [];
  asked = 0;
  fixture.stills = {
    fetch: () => {
      asked += 1;
      return Promise.resolve(stills.shift() ?? null);
    },
  };
  await fixture.restart();
});
afterEach(() => fixture.close());

async function still(seed: number): Promise<Still & { ok: true }> {
  const { data } = await sharp({
    create: {
      width: 640,
      height: 361,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 120 + seed, sigma: 30 },
    },
  })
    .jpeg()
    .toBuffer({ resolveWithObject: true });
  return { ok: true, jpeg: data };
}

function fail(code: 'unreachable' | 'auth-failed'): void {
  const failure = { message: code, sinceMs: 0, retryAtMs: null };
  fixture.feeds.fail('cam_a', 'main', { code, ...failure });
}

/** The stream gives nothing; the wait for it passes. */
async function takeWithoutStream(): ReturnType<RecordFixture['take']> {
  const taking = fixture.service.takeNow('cam_a');
  taking.catch(() => undefined);
  fail('unreachable');
  for (let sec = 0; sec < 20; sec += 1) await fixture.clock.advance(1000);
  return taking;
}

describe('the camera’s own still', () => {
  it('is taken when the stream gives no picture, and kept as it came', async () => {
    const given = await still(1);
    stills = [given];
    const snapshot = await takeWithoutStream();
    expect(snapshot).toMatchObject({
      source: 'onvif',
      width: 640,
      height: 361,
      sha256: sha256Of(given.jpeg),
    });
    const { bytes } = await fixture.service.image(snapshot.id, { size: 'full', watermark: '0' }, '*/*');
    expect(bytes.equals(given.jpeg)).toBe(true);
    expect(await fixture.service.verify('cam_a')).toMatchObject({ ok: true, checked: 1 });
  });

  it('is not asked for while the stream gives pictures', async () => {
    fixture.connect();
    expect(await fixture.take()).toMatchObject({ source: 'keyframe' });
    expect(asked).toBe(0);
  });

  it('that is the same as the last one is an old picture: asked once more, then refused', async () => {
    const [one, two] = [await still(1), await still(2)];
    stills = [one, one, two];
    const first = await takeWithoutStream();
    await fixture.clock.advance(60_000);
    const second = takeWithoutStream();
    for (let tries = 0; tries < 50 && stills.length > 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await fixture.clock.advance(500);
    }
    expect((await second).sha256).toBe(sha256Of(two.jpeg));
    expect(first.sha256).toBe(sha256Of(one.jpeg));
  });

  it('that is cut off, or no picture, does not count; the stream’s failure is told', async () => {
    const { jpeg } = await still(1);
    stills = [{ ok: true, jpeg: jpeg.subarray(0, jpeg.length / 2) }];
    await expect(takeWithoutStream()).rejects.toMatchObject({ code: 'camera-offline' });
    stills = [{ ok: true, jpeg: Buffer.from('<html>') }];
    await expect(takeWithoutStream()).rejects.toMatchObject({ code: 'camera-offline' });
    expect(asked).toBe(2);
  });

  it('is never asked for when the camera refused the password', async () => {
    const taking = fixture.service.takeNow('cam_a').catch((error: unknown) => error);
    fail('auth-failed');
    expect(await taking).toMatchObject({ code: 'camera-auth-failed' });
    expect(asked).toBe(0);
  });
});
