import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { sha256Of } from '../../../gateway/snapshots/chain-hash.ts';
import { copyKey, originalKey } from '../../../gateway/snapshots/blob-keys.ts';
import { PictureLibrary } from '../../../gateway/snapshots/picture-library.ts';
import type { SnapshotRow } from '../../../gateway/snapshots/snapshot-row.ts';
import { keySample, madeKeyFrame, unitsOf } from '../../support/made-key-frame.ts';
import { RecordFixture, wholeFrame } from './record-fixture.ts';

let fixture: RecordFixture;
const full = { size: 'full', watermark: '0' } as const;

beforeEach(async () => {
  fixture = await RecordFixture.open({ schedule: '0 0 1 1 *' });
  fixture.connect();
});
afterEach(() => fixture.close());

describe('taking a picture now', () => {
  it('records the original with its hash, and its thumb, before it is named', async () => {
    const snapshot = await fixture.take();
    const { bytes, contentType } = await fixture.service.image(snapshot.id, full, '*/*');
    expect(contentType).toBe('image/jpeg');
    expect(sha256Of(bytes)).toBe(snapshot.sha256);
    expect(bytes.byteLength).toBe(snapshot.bytes);
    expect(snapshot.scheduledFor).toBeNull();
    const key = originalKey('cam_a', Date.parse(snapshot.takenAt), snapshot.id);
    expect(await sharp(await fixture.blobs.get(copyKey(key, 'thumb'))).metadata()).toMatchObject({
      format: 'webp',
      width: 320,
    });
    expect(await fixture.service.latest('cam_a')).toEqual(snapshot);
    expect(await fixture.service.get(snapshot.id)).toEqual(snapshot);
  });

  it('never uses a key frame that arrived before the request', async () => {
    fixture.frame();
    await fixture.clock.advance(1);
    const taking = fixture.service.takeNow('cam_a');
    await fixture.clock.advance(3000);
    fixture.frame();
    const snapshot = await taking;
    expect(Date.parse(snapshot.takenAt)).toBe(fixture.clock.now());
  });

  it('throws a damaged frame away and takes the next', async () => {
    const { sample } = wholeFrame();
    const damaged = keySample(unitsOf(sample).slice(0, -1), fixture.clock.now());
    const taking = fixture.service.takeNow('cam_a');
    fixture.frame('cam_a', damaged);
    while (fixture.feeds.subscriptions.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await fixture.clock.advance(2000);
    fixture.frame();
    expect(Date.parse((await taking).takenAt)).toBe(fixture.clock.now());
  });

  it('finds missing slices of H.265, which FFmpeg passes over in silence', async () => {
    const frame = madeKeyFrame({ codec: 'h265', width: 640, height: 384, slices: 4 });
    fixture.connect('cam_a', frame);
    const taking = fixture.service.takeNow('cam_a').catch((error: unknown) => error);
    fixture.frame('cam_a', keySample(unitsOf(frame.sample).slice(0, -1), 0));
    while (fixture.feeds.subscriptions.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await fixture.clock.advance(20_000);
    expect(await taking).toMatchObject({ code: 'ffmpeg-failed', details: { reason: 'damaged' } });
    expect((await fixture.service.list('cam_a', query())).items).toEqual([]);
  });

  it('tells why there is none', async () => {
    const failure = { message: 'refused', sinceMs: 0, retryAtMs: null };
    const refused = fixture.service.takeNow('cam_a').catch((error: unknown) => error);
    fixture.feeds.fail('cam_a', 'main', { ...failure, code: 'auth-failed' });
    expect(await refused).toMatchObject({ code: 'camera-auth-failed' });
    const late = fixture.service.takeNow('cam_b').catch((error: unknown) => error);
    expect(await late).toMatchObject({ code: 'not-found' });
    fixture.cameras.set({ id: 'cam_b' });
    const silent = fixture.service.takeNow('cam_b').catch((error: unknown) => error);
    await fixture.clock.advance(20_000);
    expect(await silent).toMatchObject({ code: 'camera-offline', details: { reason: 'no-frames' } });
  });
});

describe('images', () => {
  it('are WebP where the client names it, JPEG elsewhere, AVIF on request', async () => {
    const { id } = await fixture.take();
    const type = async (accept: string, format?: 'avif' | 'webp' | 'jpeg'): Promise<string> => {
      const served = await fixture.service.image(id, { size: 'thumb', watermark: '0', format }, accept);
      expect((await sharp(served.bytes).metadata()).width).toBe(320);
      expect(served.bytes.byteLength).toBeLessThanOrEqual(12 * 1024);
      return served.contentType;
    };
    expect(await type('image/avif,image/webp,*/*;q=0.8')).toBe('image/webp');
    expect(await type('*/*')).toBe('image/jpeg');
    expect(await type('image/webp;q=0, image/avif')).toBe('image/avif');
    expect(await type('*/*', 'webp')).toBe('image/webp');
  });

  it('bear the watermark only in the copy, and survive what a camera’s name may hold', async () => {
    fixture.cameras.set({ id: 'cam_a', name: '塔吊 <2> & "x"\u0000', position: '东侧' });
    const snapshot = await fixture.take();
    const marked = await fixture.service.image(snapshot.id, { ...full, watermark: '1' }, '*/*');
    const plain = await fixture.service.image(snapshot.id, full, '*/*');
    expect(sha256Of(plain.bytes)).toBe(snapshot.sha256);
    const corner = async (bytes: Buffer): Promise<number> => {
      const region = { left: 280, top: 165, width: 40, height: 27 };
      const grey = await sharp(bytes).extract(region).greyscale().raw().toBuffer();
      return grey.reduce((sum, value) => sum + value, 0) / grey.length;
    };
    expect(await corner(marked.bytes)).toBeLessThan((await corner(plain.bytes)) * 0.8);
    expect((await sharp(marked.bytes).metadata()).width).toBe(320);
  });

  it('are stored in large when they are wanted first, and made again when that copy is lost', async () => {
    const snapshot = await fixture.take();
    const key = copyKey(originalKey('cam_a', Date.parse(snapshot.takenAt), snapshot.id), 'large');
    const view = async (): Promise<Buffer> =>
      (await fixture.service.image(snapshot.id, { size: 'large', watermark: '0' }, 'image/webp')).bytes;
    expect(await fixture.blobs.get(key)).toBeUndefined();
    const [first, second] = await Promise.all([view(), view()]);
    expect(await sharp(first).metadata()).toMatchObject({ format: 'webp', width: 320 });
    expect(second).toBe(first);
    expect(await fixture.blobs.get(key)).toEqual(first);
    await fixture.blobs.put(key, Buffer.from('stored'));
    expect((await view()).toString()).toBe('stored');
    await fixture.blobs.delete(key);
    expect(await view()).toEqual(first);
  });

  it('leave no large copy behind of a picture that is removed while it is made, nor on a full disk', async () => {
    const snapshot = await fixture.take();
    const key = originalKey('cam_a', Date.parse(snapshot.takenAt), snapshot.id);
    const row = { id: snapshot.id, blob_key: key } as SnapshotRow;
    const wish = { size: 'large', watermark: '0' } as const;
    const removed = new PictureLibrary(fixture.blobs, {
      has: () => Promise.resolve(false),
      requireRoom: () => Promise.resolve(),
    });
    expect((await removed.serve(row, wish, 'image/webp', [])).contentType).toBe('image/webp');
    expect(await fixture.blobs.get(copyKey(key, 'large'))).toBeUndefined();
    const full = new PictureLibrary(fixture.blobs, {
      has: () => Promise.resolve(true),
      requireRoom: () => Promise.reject(new Error('the disk is full')),
    });
    const { bytes } = await full.serve(row, wish, 'image/webp', []);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 320 });
    expect(await fixture.blobs.get(copyKey(key, 'large'))).toBeUndefined();
    expect((await full.serve(row, wish, 'image/webp', [])).bytes).toBe(bytes);
  });
});

describe('posters', () => {
  it('show the last snapshot of an idle camera without contacting it', async () => {
    expect(await fixture.service.poster('cam_idle')).toBeUndefined();
    const snapshot = await fixture.take();
    await fixture.clock.advance(5000);
    const subscribed = fixture.feeds.subscriptions.length;
    const poster = await fixture.service.poster('cam_a');
    expect(poster?.takenAtMs).toBe(Date.parse(snapshot.takenAt));
    expect(fixture.feeds.subscriptions).toHaveLength(subscribed);
  });

  it('show the held frame of a running stream once the newest picture is 10 s old, decoded once for all who ask', async () => {
    await fixture.take();
    await fixture.clock.advance(30_000);
    const subscribed = fixture.feeds.subscriptions.length;
    fixture.frame();
    await fixture.clock.advance(1000);
    const [one, two] = await Promise.all([fixture.service.poster('cam_a'), fixture.service.poster('cam_a')]);
    expect(one?.takenAtMs).toBe(fixture.clock.now() - 1000);
    expect(two).toBe(one);
    expect(fixture.feeds.subscriptions).toHaveLength(subscribed + 1);
    expect(fixture.feeds.status('cam_a', 'main').subscribers).toBe(0);
  });
});

describe('the first picture of a camera', () => {
  it('is kept when its stream first runs, whoever wanted it, and makes no record', async () => {
    fixture.feeds.tracks('cam_new', 'sub', { epoch: 1, video: wholeFrame().track, audio: null });
    expect(fixture.feeds.status('cam_new', 'sub').subscribers).toBe(1);
    const at = fixture.clock.now();
    fixture.feeds.sample('cam_new', 'sub', { ...wholeFrame().sample, receivedAtMs: at, capturedAtMs: at });
    const poster = await fixture.service.poster('cam_new');
    expect(poster?.takenAtMs).toBe(at);
    expect(fixture.feeds.status('cam_new', 'sub').subscribers).toBe(0);
    expect(await fixture.service.latest('cam_new')).toBeUndefined();
  });
});

describe('the evidence chain', () => {
  const tampered: [string, (ids: string[]) => Promise<void>, RegExp, number][] = [
    [
      'a changed byte',
      async (ids) => {
        const key = await keyOf(ids[2] ?? '');
        const bytes = await fixture.blobs.get(key);
        if (bytes) bytes[200] = (bytes[200] ?? 0) ^ 1;
        await fixture.blobs.put(key, bytes ?? Buffer.alloc(0));
      },
      /SHA-256 differs/,
      2,
    ],
    ['a removed file', async (ids) => fixture.blobs.delete(await keyOf(ids[1] ?? '')), /missing/, 1],
    [
      'a changed time',
      (ids) => fixture.run(`update snapshots set taken_at_ms = taken_at_ms + 1 where id = '${ids[1]}'`),
      /chainHash does not fit/,
      1,
    ],
    [
      'a deleted row',
      (ids) => fixture.run(`delete from snapshots where id = '${ids[1]}'`),
      /1 row is missing/,
      2,
    ],
    [
      'a deleted row with the numbers closed up',
      async (ids) => {
        await fixture.run(`delete from snapshots where id = '${ids[1]}'`);
        await fixture.run(`update snapshots set seq = seq - 1 where seq > 1`);
      },
      /prevHash differs/,
      2,
    ],
  ];

  it('verifies when untouched', async () => {
    for (let count = 0; count < 3; count += 1) await fixture.take();
    expect(await fixture.service.verify('cam_a')).toEqual({
      ok: true,
      checked: 3,
      firstBadId: null,
      reason: null,
    });
    expect(await fixture.service.verify('cam_none')).toMatchObject({ ok: true, checked: 0 });
  });

  it.each(tampered)('names %s', async (_name, tamper, reason, badIndex) => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.push((await fixture.take()).id);
    await tamper(ids);
    const verdict = await fixture.service.verify('cam_a');
    expect(verdict).toMatchObject({ ok: false, firstBadId: ids[badIndex] });
    expect(verdict.reason).toMatch(reason);
  });

  it('stays whole when pictures of one camera are taken at the same time', async () => {
    const taking = [1, 2, 3, 4].map(() => fixture.service.takeNow('cam_a'));
    fixture.frame();
    await Promise.all(taking);
    expect(await fixture.service.verify('cam_a')).toMatchObject({ ok: true, checked: 4 });
  });

  async function keyOf(id: string): Promise<string> {
    const snapshot = await fixture.service.get(id);
    return originalKey('cam_a', Date.parse(snapshot?.takenAt ?? ''), id);
  }
});

describe('a start', () => {
  it('removes files without row, reports rows without file, and leaves all else alone', async () => {
    const kept = await fixture.take();
    const lost = await fixture.take();
    await fixture.blobs.delete(originalKey('cam_a', Date.parse(lost.takenAt), lost.id));
    const orphan = originalKey('cam_a', fixture.clock.now() + 60_000, 'snap_orphan');
    await fixture.blobs.put(orphan, Buffer.from('x'));
    await fixture.blobs.put(copyKey(orphan, 'thumb'), Buffer.from('x'));
    await fixture.blobs.put(originalKey('cam_new', 0, 'snap_first'), Buffer.from('x'));
    fixture.cameras.set({ id: 'cam_new' });
    await fixture.service.stop();
    const report = await fixture.service.start();
    expect(report.removedFiles).toBe(3);
    expect(report.missingFiles.map((file) => file.id)).toEqual([lost.id]);
    expect(await fixture.blobs.get(orphan)).toBeUndefined();
    expect((await fixture.service.image(kept.id, full, '')).bytes.byteLength).toBe(kept.bytes);
    await fixture.service.stop();
    expect((await fixture.service.start()).removedFiles).toBe(0);
  });
});

it('erases the records of one camera and no other', async () => {
  fixture.cameras.set({ id: 'cam_b' });
  fixture.connect('cam_b');
  const gone = await fixture.take('cam_a');
  const kept = await fixture.take('cam_b');
  for (const { id } of [gone, kept])
    await fixture.service.image(id, { size: 'large', watermark: '0' }, 'image/webp');
  await fixture.service.eraseRecords('cam_a');
  expect(await fixture.service.get(gone.id)).toBeUndefined();
  const left: string[] = [];
  for await (const key of fixture.blobs.list('snapshots')) left.push(key);
  expect(left).toHaveLength(3);
  expect(left.every((key) => key.includes(kept.id))).toBe(true);
});

function query(): { limit: number; hour: number; order: 'asc' } {
  return { limit: 100, hour: 12, order: 'asc' };
}
