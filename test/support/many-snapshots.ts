import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import sharp from 'sharp';
import { FileBlobs } from '../../gateway/base/file-blobs.ts';
import { newId } from '../../gateway/base/new-id.ts';
import { copyKey } from '../../gateway/snapshots/blob-keys.ts';
import { render } from '../../gateway/snapshots/picture-renditions.ts';

/** What to make: `count` pictures of one camera, `everyMin` apart, the last at `untilMs`. */
export interface ManySnapshots {
  databaseFile: string;
  pictureFolder: string;
  cameraId: string;
  count: number;
  everyMin: number;
  untilMs: number;
  /** Different pictures made; the rows share them. */
  distinct: number;
  /** Minutes of each day without pictures, told as gaps: from, to (UTC). */
  gap?: { fromMin: number; toMin: number };
}

const MINUTE = 60_000;
const DAY_MIN = 1440;

interface MadePicture {
  key: string;
  bytes: number;
  sha256: string;
  luma: number;
}

/** Fills a gateway's database (while it does not run) with a long record over a few hundred real JPEGs; gives the ids, oldest first. */
export async function makeManySnapshots(wish: ManySnapshots): Promise<string[]> {
  const pictures = await makePictures(wish);
  const database = new DatabaseSync(wish.databaseFile);
  const insert = database.prepare(
    `insert into snapshots (id, camera_id, seq, taken_at_ms, scheduled_for_ms, width, height, bytes, sha256, prev_hash,
      chain_hash, source, luma, sharpness, verdict, blob_key) values (?, ?, ?, ?, ?, 640, 360, ?, ?, ?, ?, 'keyframe', ?, 12, 'ok', ?)`,
  );
  const gap = database.prepare(`insert into snapshot_gaps values (?, ?, 'unreachable', '', ?)`);
  const ids: string[] = [];
  database.exec('begin');
  let hash = '0'.repeat(64);
  for (let index = 0; index < wish.count; index += 1) {
    const slotMs = wish.untilMs - (wish.count - 1 - index) * wish.everyMin * MINUTE;
    const minute = Math.floor(slotMs / MINUTE) % DAY_MIN;
    if (wish.gap && minute >= wish.gap.fromMin && minute < wish.gap.toMin) {
      gap.run(wish.cameraId, slotMs, slotMs);
      continue;
    }
    const picture = pictures[Math.floor((minute / DAY_MIN) * pictures.length)];
    if (!picture) throw new Error('no picture was made');
    const id = newId('snap');
    const next = createHash('sha256').update(hash).update(id).digest('hex');
    const { bytes, sha256, luma, key } = picture;
    const seq = index + 1;
    insert.run(id, wish.cameraId, seq, slotMs + 2000, slotMs, bytes, sha256, hash, next, luma, key);
    hash = next;
    ids.push(id);
  }
  database.exec('commit');
  database.close();
  return ids;
}

/** A day in `distinct` pictures: the light follows the hour, and a mark moves with it. */
async function makePictures({ cameraId, pictureFolder, distinct }: ManySnapshots): Promise<MadePicture[]> {
  const blobs = new FileBlobs(pictureFolder);
  const made: MadePicture[] = [];
  for (let index = 0; index < distinct; index += 1) {
    const luma = Math.round(128 + 90 * Math.sin((index / distinct) * 2 * Math.PI));
    const jpeg = await sharp(Buffer.from(drawing(index, distinct, luma)))
      .jpeg({ quality: 80 })
      .toBuffer();
    // A day that no record has: files of a row lie where the row says, and the recovery looks at the last days only.
    const key = `snapshots/${cameraId}/2000/01/01/made${String(index).padStart(4, '0')}.jpg`;
    await blobs.put(key, jpeg);
    for (const size of ['large', 'thumb'] as const)
      await blobs.put(copyKey(key, size), await render(jpeg, { size, format: 'webp', watermark: [] }));
    made.push({ key, bytes: jpeg.length, sha256: createHash('sha256').update(jpeg).digest('hex'), luma });
  }
  return made;
}

function drawing(index: number, distinct: number, luma: number): string {
  const x = Math.round((index / distinct) * 600);
  const floors = Array.from(
    { length: 9 },
    (_, floor) =>
      `<rect x="${180 + floor * 4}" y="${300 - floor * 26}" width="${260 - floor * 8}" height="20" fill="rgb(40,${90 + floor * 12},60)"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><rect width="640" height="360" fill="rgb(${luma},${luma},${Math.min(255, luma + 20)})"/>
<rect y="270" width="640" height="90" fill="rgb(120,104,80)"/>${floors.join('')}<path d="M470 330V40h-150M470 60l-60 20" stroke="rgb(220,170,30)" stroke-width="8" fill="none"/>
<rect x="${x}" y="310" width="40" height="22" fill="rgb(200,70,30)"/></svg>`;
}
