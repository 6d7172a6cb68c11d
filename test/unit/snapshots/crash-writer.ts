import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '../../../gateway/base/database.ts';
import { FileBlobs } from '../../../gateway/base/file-blobs.ts';
import { loadEvidenceKey } from '../../../gateway/snapshots/evidence/evidence-key.ts';
import { SnapshotRecorder } from '../../../gateway/snapshots/snapshot-recorder.ts';
import type { SnapshotRow } from '../../../gateway/snapshots/snapshot-row.ts';
import { SnapshotStore } from '../../../gateway/snapshots/snapshot-store.ts';

/** Started as a program by the crash test: records pictures of three cameras without end and names each one on standard output. */
const folder = process.argv[2] ?? '';
/** `!` stands for a picture that could not be written. */
const tells = process.argv[3] === 'tell-failures';
const key = await loadEvidenceKey(join(folder, 'evidence.key'));
const store = new SnapshotStore(openDatabase(`sqlite:${join(folder, 'gantry.db')}`), key);
const recorder = new SnapshotRecorder({ blobs: new FileBlobs(join(folder, 'pictures')), store });

async function recordForEver(cameraId: string): Promise<void> {
  for (;;) {
    const row = await record(cameraId);
    // A full or read-only disk: the gateway goes on as well.
    if (row) process.stdout.write(`${row.id}\n`);
    else await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function record(cameraId: string): Promise<SnapshotRow | undefined> {
  try {
    return await recorder.record(
      cameraId,
      {
        jpeg: randomBytes(50_000 + Math.floor(Math.random() * 300_000)),
        width: 64,
        height: 36,
        takenAtMs: Date.now(),
        source: 'keyframe',
        quality: { luma: 1, sharpness: 1, verdict: 'ok' },
        thumb: randomBytes(2000),
      },
      null,
    );
  } catch {
    if (tells) process.stdout.write('!\n');
    return undefined;
  }
}

await Promise.all(['cam_a', 'cam_b', 'cam_c'].map(recordForEver));
