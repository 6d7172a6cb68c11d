import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import { openDatabase } from '../../../gateway/base/database.ts';
import { FileBlobs } from '../../../gateway/base/file-blobs.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { originalOf } from '../../../gateway/snapshots/blob-keys.ts';
import { ChainVerifier } from '../../../gateway/snapshots/chain-verifier.ts';
import { loadEvidenceKey } from '../../../gateway/snapshots/evidence/evidence-key.ts';
import { EvidenceStore } from '../../../gateway/snapshots/evidence/evidence-store.ts';
import { SnapshotRecovery } from '../../../gateway/snapshots/snapshot-recovery.ts';
import { SnapshotStore } from '../../../gateway/snapshots/snapshot-store.ts';
import { migrations } from '../../../gateway/snapshots/snapshots-migrations.ts';

/** 200 with GANTRY_SOAK=1. */
const KILLS = process.env['GANTRY_SOAK'] === '1' ? 200 : 20;
const CAMERAS = ['cam_a', 'cam_b', 'cam_c'];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-crash-'));
  const database = openDatabase(`sqlite:${join(folder, 'gantry.db')}`);
  await migrate(database, migrations);
  await database.destroy();
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes until the first pictures are named, and a random time longer; the ids that were named. */
function writeAndKill(): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  let named = '';
  let armed = false;
  child.stdout.on('data', (chunk: Buffer) => {
    named += chunk.toString();
    if (!armed) setTimeout(() => child.kill('SIGKILL'), Math.random() * 150);
    armed = true;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(named.split('\n').slice(0, -1));
      else reject(new Error('the writer ended by itself'));
    });
  });
}

it(
  'after kill -9 every picture that was named is there and whole, and nothing else lies about',
  { timeout: 60_000 + KILLS * 5000 },
  async () => {
    let removed = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const named = await writeAndKill();
      const database = openDatabase(`sqlite:${join(folder, 'gantry.db')}`);
      const key = await loadEvidenceKey(join(folder, 'evidence.key'));
      const store = new SnapshotStore(database, key);
      const blobs = new FileBlobs(join(folder, 'pictures'));
      await blobs.sweepPartials();
      const recovery = new SnapshotRecovery({ clock: systemClock, logger: silentLogger, blobs, store });
      const report = await recovery.run(CAMERAS);
      removed += report.removedFiles;
      expect(report.missingFiles).toEqual([]);
      for (const id of named) expect(await store.get(id)).toBeDefined();
      const verifier = new ChainVerifier({ blobs, store, evidence: new EvidenceStore(database), key });
      for (const cameraId of CAMERAS) {
        expect(await verifier.verify(cameraId)).toMatchObject({ ok: true });
        const known = await store.keysSince(cameraId, 0);
        const keys: string[] = [];
        for await (const key of blobs.list(`snapshots/${cameraId}`)) keys.push(key);
        expect(keys).toHaveLength(known.size * 3);
        expect(keys.every((key) => known.has(originalOf(key)))).toBe(true);
      }
      await database.destroy();
    }
    // Three writers at work: a kill nearly always falls between a file and its row.
    expect(removed).toBeGreaterThan(0);
  },
);
