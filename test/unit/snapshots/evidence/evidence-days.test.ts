import { createPublicKey, verify } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EvidenceDay } from '../../../../gateway/contract/evidence.ts';
import { loadEvidenceKey } from '../../../../gateway/snapshots/evidence/evidence-key.ts';
import {
  merklePath,
  merkleRoot,
  leafHash,
  rootOfPath,
} from '../../../../gateway/snapshots/evidence/merkle-tree.ts';
import { WrittenRecord } from './written-record.ts';

let record: WrittenRecord;
let closed: EvidenceDay[];

beforeEach(async () => {
  // 23:58 on 20 November in Shanghai.
  record = await WrittenRecord.open('2026-11-20T15:58:00.000Z');
  closed = [];
});
afterEach(() => record.close());

async function start(): Promise<void> {
  record.evidence = record.newEvidence();
  record.evidence.onClosed((day) => closed.push(day));
  await record.evidence.start();
}

const dates = (days: readonly EvidenceDay[]): string[] => days.map(({ date }) => date);

describe('a day of the record', () => {
  it('is closed at midnight of the site, signed, and known by its key', async () => {
    await start();
    await record.take();
    await record.clock.advance(60_000);
    expect(closed).toEqual([]);
    await record.clock.advance(80_000);
    await record.evidence.stop();
    expect(dates(closed)).toEqual(['2026-11-20']);
    const [day] = closed;
    const signature = Buffer.from(day?.signature ?? '', 'base64');
    const key = createPublicKey(record.evidence.publicKey);
    expect(verify(null, Buffer.from(day?.statement ?? ''), key, signature)).toBe(true);
    expect(day?.statement).toContain(`root=${day?.root}`);
    expect(day).toMatchObject({ cameras: 1, timeZone: 'Asia/Shanghai', prevHash: '0'.repeat(64) });
  });

  it('never changes, however late a picture comes: that one belongs to the next day', async () => {
    await start();
    const early = await record.take();
    await record.clock.advance(3 * 60_000);
    const before = await record.evidence.day('2026-11-20', () => true);
    const late = await record.recorder.record(
      'cam_a',
      {
        jpeg: Buffer.from('late'),
        width: 1,
        height: 1,
        takenAtMs: Date.parse('2026-11-20T15:59:59.000Z'),
        source: 'keyframe',
        quality: { luma: 1, sharpness: 1, verdict: 'ok' },
        thumb: Buffer.from('t'),
      },
      null,
    );
    await record.clock.advance(86_400_000);
    await record.evidence.stop();
    expect(await record.evidence.day('2026-11-20', () => true)).toEqual(before);
    expect(before?.leaves).toMatchObject([{ cameraId: 'cam_a', seq: 1, chainHash: early.chain_hash }]);
    const next = await record.evidence.day('2026-11-21', () => true);
    expect(next?.leaves).toMatchObject([{ seq: 2, chainHash: late?.chain_hash }]);
  });

  it('that ended while the gateway was off is closed at the start, before any new picture', async () => {
    await start();
    await record.take();
    await record.evidence.stop();
    record.clock.advanceNow(4 * 86_400_000);
    await start();
    expect(dates(closed)).toEqual(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']);
    expect(await record.verdict()).toMatchObject({ ok: true, days: { checked: 4 } });
    await record.evidence.stop();
    await start();
    expect(closed).toHaveLength(4);
  });

  it('begins with no day on a fresh gateway, and at most a month back where there are older pictures', async () => {
    await start();
    expect(closed).toEqual([]);
    await record.take();
    await record.evidence.stop();
    record.clock.advanceNow(60 * 86_400_000);
    await start();
    expect(closed).toHaveLength(31);
    expect(closed.at(-1)?.date).toBe('2027-01-18');
  });

  it('is never signed over a chain that was rewritten since the last one', async () => {
    await start();
    await record.take();
    await record.clock.advance(3 * 60_000);
    const copy = await record.copy();
    await copy.remove();
    const { sql } = await import('kysely');
    await sql`update snapshots set chain_hash = 'forged'`.execute(record.database);
    await record.clock.advance(86_400_000);
    await record.evidence.stop();
    const [first, second] = await Promise.all(
      ['2026-11-20', '2026-11-21'].map((date) => record.evidence.day(date, () => true)),
    );
    expect(second?.leaves).toEqual(first?.leaves);
    expect(await record.verdict()).toMatchObject({ ok: false });
  });

  it('shows each caller the leaves of the cameras that are his, with their way to the root', async () => {
    await start();
    for (const cameraId of ['cam_a', 'cam_b', 'cam_c']) await record.take(cameraId);
    await record.clock.advance(3 * 60_000);
    await record.evidence.stop();
    const day = await record.evidence.day('2026-11-20', (cameraId) => cameraId === 'cam_b');
    expect(day?.leaves.map(({ cameraId }) => cameraId)).toEqual(['cam_b']);
    const [leaf] = day?.leaves ?? [];
    const text = `gantry-leaf-v1\ncameraId=cam_b\nseq=1\nchainHash=${leaf?.chainHash}\n`;
    expect(rootOfPath(leafHash(text), leaf?.path ?? [])).toBe(day?.root);
    expect(await record.evidence.day('2026-11-21', () => true)).toBeUndefined();
  });
});

describe('the key', () => {
  it('is made once, kept to its owner, apart from the database', async () => {
    const path = join(record.folder, 'evidence.key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await loadEvidenceKey(path)).keyId).toBe(record.key.keyId);
    expect(await readFile(path, 'utf8')).toMatch(/PRIVATE KEY/);
  });

  it('that others may read, or that is damaged, is refused instead of replaced', async () => {
    const path = join(record.folder, 'evidence.key');
    await chmod(path, 0o644);
    await expect(loadEvidenceKey(path)).rejects.toThrow(/others may read it/);
    await chmod(path, 0o600);
    await (await import('node:fs/promises')).writeFile(path, 'broken');
    await expect(loadEvidenceKey(path)).rejects.toThrow(/Restore it from a backup/);
  });
});

it('every leaf of a tree of any size leads to its root, and no other text does', () => {
  for (let size = 1; size <= 17; size += 1) {
    const leaves = Array.from({ length: size }, (_, index) => leafHash(`leaf ${index}`));
    const root = merkleRoot(leaves);
    for (const [index, leaf] of leaves.entries()) {
      expect(rootOfPath(leaf, merklePath(leaves, index))).toBe(root);
      expect(rootOfPath(leafHash('forged'), merklePath(leaves, index))).not.toBe(root);
    }
  }
  // RFC 6962 test vectors (certificate-transparency): seven leaves.
  expect(merkleRoot([leafHash(''), leafHash('\0')])).toBe(
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  );
});
