import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainHash, sha256Of } from '../../../../gateway/snapshots/chain-hash.ts';
import { linkOf } from '../../../../gateway/snapshots/snapshot-row.ts';
import type { SnapshotRow } from '../../../../gateway/snapshots/snapshot-row.ts';
import { EvidenceKey } from '../../../../gateway/snapshots/evidence/evidence-key.ts';
import { headText } from '../../../../gateway/snapshots/evidence/signed-texts.ts';
import { WrittenRecord } from './written-record.ts';
import type { TamperedCopy } from './written-record.ts';

/** Two closed days of two cameras, three pictures a day, and two pictures of today. */
let record: WrittenRecord;
let rows: SnapshotRow[];

beforeAll(async () => {
  record = await WrittenRecord.open();
  await record.takeDays(['cam_a', 'cam_b'], 2);
  await record.take();
  await record.take();
  const copy = await record.copy();
  rows = rowsOf(copy);
  await copy.remove();
});
afterAll(() => record.close());

function rowsOf(copy: TamperedCopy): SnapshotRow[] {
  return copy.sql<SnapshotRow>("select * from snapshots where camera_id = 'cam_a' order by seq");
}

function rowAt(seq: number): SnapshotRow {
  const row = rows.find((each) => each.seq === seq);
  if (!row) throw new Error(`there is no picture ${seq}`);
  return row;
}

/** Makes every hash of the chain from `seq` on fit again, as an intruder without the key can. */
function rechain(copy: TamperedCopy, fromSeq = 1): void {
  let prevHash = fromSeq === 1 ? '0'.repeat(64) : rowAt(fromSeq - 1).chain_hash;
  for (const row of rowsOf(copy).filter(({ seq }) => seq >= fromSeq)) {
    const hash = chainHash(linkOf({ ...row, prev_hash: prevHash }));
    copy.sql('update snapshots set prev_hash = ?, chain_hash = ? where id = ?', prevHash, hash, row.id);
    prevHash = hash;
  }
}

async function replacePicture(copy: TamperedCopy, row: SnapshotRow): Promise<void> {
  const fake = randomBytes(row.bytes);
  await writeFile(copy.path(row.blob_key), fake);
  copy.sql('update snapshots set sha256 = ? where id = ?', sha256Of(fake), row.id);
}

type Crime = [
  name: string,
  commit: (copy: TamperedCopy) => Promise<void> | void,
  firstBad: () => string | null,
  reason: RegExp,
];

const crimes: Crime[] = [
  [
    'a byte of a picture changed',
    async (copy) => {
      const bytes = await readFile(copy.path(rowAt(3).blob_key));
      bytes[700] = (bytes[700] ?? 0) ^ 1;
      await writeFile(copy.path(rowAt(3).blob_key), bytes);
    },
    () => rowAt(3).id,
    /SHA-256 differs/,
  ],
  [
    'two pictures swapped',
    async (copy) => {
      const [one, two] = [copy.path(rowAt(2).blob_key), copy.path(rowAt(4).blob_key)];
      await rename(one, `${one}x`);
      await rename(two, one);
      await rename(`${one}x`, two);
    },
    () => rowAt(2).id,
    /SHA-256 differs/,
  ],
  ['a picture removed', (copy) => rm(copy.path(rowAt(5).blob_key)), () => rowAt(5).id, /missing/],
  [
    'a picture put in without row',
    (copy) => writeFile(copy.path(rowAt(5).blob_key).replace(rowAt(5).id, 'snap_forged'), 'x'),
    () => 'snap_forged',
    /not recorded by the gateway/,
  ],
  [
    'a row deleted',
    (copy) => void copy.sql('delete from snapshots where id = ?', rowAt(2).id),
    () => rowAt(3).id,
    /1 row is missing/,
  ],
  [
    'the last row deleted, with its files',
    (copy) => {
      copy.sql('delete from snapshots where id = ?', rowAt(8).id);
      return rm(copy.path(rowAt(8).blob_key));
    },
    () => rowAt(8).id,
    /1 row is missing at the end/,
  ],
  [
    'a row changed',
    (copy) =>
      void copy.sql('update snapshots set taken_at_ms = taken_at_ms + 60000 where id = ?', rowAt(4).id),
    () => rowAt(4).id,
    /a recorded field was changed/,
  ],
  [
    'a row put in at the end, with a picture and hashes that fit',
    async (copy) => {
      const last = rowAt(8);
      const fake = randomBytes(2000);
      const key = last.blob_key.replace(last.id, 'snap_forged');
      const forged = {
        ...last,
        id: 'snap_forged',
        seq: 9,
        prev_hash: last.chain_hash,
        sha256: sha256Of(fake),
      };
      await writeFile(copy.path(key), fake);
      const values = { ...forged, blob_key: key, bytes: 2000 };
      insert(copy, { ...values, chain_hash: chainHash(linkOf(values)) });
    },
    () => 'snap_forged',
    /not put there by the gateway/,
  ],
  [
    'a row put in between, all numbers and hashes made to fit',
    async (copy) => {
      copy.sql('update snapshots set seq = -seq where camera_id = ? and seq > 3', 'cam_a');
      copy.sql('update snapshots set seq = 1 - seq where camera_id = ? and seq < 0', 'cam_a');
      const fake = randomBytes(2000);
      const key = rowAt(3).blob_key.replace(rowAt(3).id, 'snap_forged');
      await writeFile(copy.path(key), fake);
      const forged = {
        ...rowAt(3),
        id: 'snap_forged',
        seq: 4,
        sha256: sha256Of(fake),
        blob_key: key,
        bytes: 2000,
      };
      insert(copy, { ...forged, chain_hash: 'x' });
      rechain(copy);
    },
    // Picture 3 ended the first day; the intruder’s is now in the place of the next one.
    () => rowAt(5).id,
    /rewritten/,
  ],
  [
    'a picture of a closed day replaced and the whole chain rewritten without the key',
    async (copy) => {
      await replacePicture(copy, rowAt(2));
      rechain(copy);
    },
    () => rowAt(3).id,
    /not the one signed in the root of 2026-11-20: the chain was rewritten/,
  ],
  [
    'a picture of today replaced and the chain rewritten without the key',
    async (copy) => {
      await replacePicture(copy, rowAt(7));
      rechain(copy, 7);
    },
    () => rowAt(8).id,
    /signed end of the chain is another/,
  ],
  [
    'the same with the signed end rewritten too, by another key',
    async (copy) => {
      await replacePicture(copy, rowAt(7));
      rechain(copy, 7);
      const last = rowsOf(copy).at(-1);
      const head = { cameraId: 'cam_a', seq: 8, id: last?.id ?? '', chainHash: last?.chain_hash ?? '' };
      const signature = EvidenceKey.generate().sign(headText(head));
      copy.sql(
        'update snapshot_heads set chain_hash = ?, signature = ? where camera_id = ?',
        head.chainHash,
        signature,
        'cam_a',
      );
    },
    () => rowAt(8).id,
    /not signed by the gateway/,
  ],
  [
    'the signed end removed',
    (copy) => void copy.sql("delete from snapshot_heads where camera_id = 'cam_a'"),
    () => rowAt(8).id,
    /signed end of the chain is gone/,
  ],
  [
    'two rows exchanged',
    (copy) => {
      copy.sql('update snapshots set seq = 99 where id = ?', rowAt(2).id);
      copy.sql('update snapshots set seq = 2 where id = ?', rowAt(3).id);
      copy.sql('update snapshots set seq = 3 where id = ?', rowAt(2).id);
    },
    () => rowAt(3).id,
    /does not follow|not the one signed/,
  ],
  [
    'a picture passed off as removed by retention',
    (copy) => {
      const { id, ...row } = rowAt(2);
      copy.sql('delete from snapshots where id = ?', id);
      copy.sql(
        `insert into snapshot_tombstones values (?, 'cam_a', 2, ?, null, 64, 36, ?, ?, ?, ?, 'keyframe', ?, 1, 'p', 'AAAA', 0)`,
        id,
        row.taken_at_ms,
        row.bytes,
        row.sha256,
        row.prev_hash,
        row.chain_hash,
        row.blob_key,
      );
      return rm(copy.path(row.blob_key));
    },
    () => rowAt(2).id,
    /has not signed that/,
  ],
  [
    'all traces of a camera removed',
    async (copy) => {
      for (const table of ['snapshots', 'snapshot_heads'])
        copy.sql(`delete from ${table} where camera_id = 'cam_a'`);
      await rm(copy.path('snapshots/cam_a'), { recursive: true });
    },
    () => null,
    /all pictures of the camera are gone/,
  ],
];

function insert(copy: TamperedCopy, row: SnapshotRow): void {
  const names = Object.keys(row);
  const places = names.map(() => '?').join();
  copy.sql(
    `insert into snapshots (${names.join()}) values (${places})`,
    ...(Object.values(row).map((value) => value ?? '') as (string | number)[]),
  );
  copy.sql(
    'update snapshots set scheduled_for_ms = null, milestone_id = null, note = null where id = ?',
    row.id,
  );
}

describe('verifying a data folder', () => {
  it('finds nothing where nothing was changed', async () => {
    const verdict = await record.verdict();
    expect(verdict.cameras.filter(({ ok }) => !ok)).toEqual([]);
    expect(verdict).toMatchObject({ ok: true, pictures: 14, days: { ok: true, checked: 2 } });
    expect(verdict.keyId).toBe(record.key.keyId);
  });

  it.each(crimes)('names %s', async (_name, commit, firstBad, reason) => {
    const copy = await record.copy();
    await commit(copy);
    const verdict = await record.verdict(copy.folder);
    const camera = verdict.cameras.find(({ cameraId }) => cameraId === 'cam_a');
    expect(verdict.ok).toBe(false);
    expect(camera?.reason).toMatch(reason);
    expect(camera?.firstBadId).toBe(firstBad());
    // The other camera is whole all the same.
    expect(verdict.cameras.find(({ cameraId }) => cameraId === 'cam_b')).toMatchObject({
      ok: true,
      checked: 6,
    });
    await copy.remove();
  });
});

describe('signed days', () => {
  const dayCrimes: [string, (copy: TamperedCopy) => void, string, RegExp][] = [
    [
      'a leaf changed',
      (copy) =>
        void copy.sql("update evidence_leaves set seq = 2 where date = '2026-11-20' and camera_id = 'cam_b'"),
      '2026-11-20',
      /do not lead to the signed root/,
    ],
    [
      'a day removed',
      (copy) => void copy.sql("delete from evidence_days where date = '2026-11-20'"),
      '2026-11-21',
      /a signed day is missing/,
    ],
    [
      'a root changed',
      (copy) => void copy.sql("update evidence_days set root = prev_hash where date = '2026-11-21'"),
      '2026-11-21',
      /not what was signed/,
    ],
    [
      'a statement changed',
      (copy) =>
        void copy.sql(
          "update evidence_days set statement = replace(statement, 'cameras=2', 'cameras=3') where date = '2026-11-21'",
        ),
      '2026-11-21',
      /has not signed it/,
    ],
  ];

  it.each(dayCrimes)('tell of %s', async (_name, commit, date, reason) => {
    const copy = await record.copy();
    commit(copy);
    const { ok, days } = await record.verdict(copy.folder);
    expect(ok).toBe(false);
    expect(days).toMatchObject({ ok: false, firstBadDate: date });
    expect(days.reason).toMatch(reason);
    await copy.remove();
  });

  it('that were all removed, with the chain rewritten, are missed by whoever kept the published roots', async () => {
    const days = await record.evidence.days();
    const published = new Map(days.map(({ date, root }) => [date, root]));
    expect(await record.verdict(record.folder, published)).toMatchObject({ ok: true });
    const copy = await record.copy();
    copy.sql('delete from evidence_days');
    copy.sql('delete from evidence_leaves');
    expect(await record.verdict(copy.folder, published)).toMatchObject({
      ok: false,
      days: { firstBadDate: '2026-11-20', reason: expect.stringMatching(/gone/) },
    });
    await copy.remove();
  });
});
