import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
import { SmallDisk } from '../../support/small-disk.ts';

/** With GANTRY_SOAK=1 each is killed 200 times. */
const isSoak = process.env['GANTRY_SOAK'] === '1';
const kills = (count: number): number => (isSoak ? 200 : count);
const CAMERAS = ['cam_a', 'cam_b', 'cam_c'];
const MB = 1_048_576;

async function makeRecord(folder: string): Promise<void> {
  const database = openDatabase(`sqlite:${join(folder, 'gantry.db')}`);
  await migrate(database, migrations);
  await database.destroy();
  await loadEvidenceKey(join(folder, 'evidence.key'));
}

/** Writes until `onSaid` is content (at once), and a random time longer; the ids that were named, and how many could not be written. */
function writeAndKill(
  folder: string,
  onSaid: (said: string) => boolean = () => true,
): Promise<{ named: string[]; failures: number }> {
  const program = join(import.meta.dirname, 'crash-writer.ts');
  const child = spawn(process.execPath, [program, folder, 'tell-failures'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  let said = '';
  let armed = false;
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (armed || !onSaid(said)) return;
    armed = true;
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 150);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, signal) => {
      const lines = said.split('\n').slice(0, -1);
      const named = lines.filter((line) => line !== '!');
      if (signal === 'SIGKILL') resolve({ named, failures: lines.length - named.length });
      else reject(new Error('the writer ended by itself'));
    });
  });
}

/** Starts as the gateway does, and proves that rows and files are whole; the number of files that recovery removed. */
async function mendAndProve(folder: string, named: readonly string[]): Promise<number> {
  const database = openDatabase(`sqlite:${join(folder, 'gantry.db')}`);
  const key = await loadEvidenceKey(join(folder, 'evidence.key'));
  const store = new SnapshotStore(database, key);
  const blobs = new FileBlobs(join(folder, 'pictures'));
  const said: string[] = [];
  const logger = { ...silentLogger, warn: (_: unknown, text: string) => said.push(text) } as never;
  const partials = await blobs.sweepPartials();
  const recovery = new SnapshotRecovery({ clock: systemClock, logger, blobs, store });
  const report = await recovery.run(CAMERAS);
  expect(report.missingFiles).toEqual([]);
  expect(said.length > 0).toBe(report.removedFiles > 0);
  for (const id of named) expect(await store.get(id)).toBeDefined();
  const verifier = new ChainVerifier({ blobs, store, evidence: new EvidenceStore(database), key });
  for (const cameraId of CAMERAS) {
    expect(await verifier.verify(cameraId)).toMatchObject({ ok: true });
    const known = await store.keysSince(cameraId, 0);
    const keys: string[] = [];
    for await (const found of blobs.list(`snapshots/${cameraId}`)) keys.push(found);
    // The original and its thumb.
    expect(keys).toHaveLength(known.size * 2);
    expect(keys.every((found) => known.has(originalOf(found)))).toBe(true);
  }
  await database.destroy();
  return report.removedFiles + partials;
}

describe('after kill -9 every picture that was named is there and whole, and nothing else lies about', () => {
  let folder = '';
  let disk: SmallDisk | undefined;

  beforeEach(async () => {
    disk = undefined;
    folder = await mkdtemp(join(tmpdir(), 'gantry-crash-'));
  });
  afterEach(async () => {
    await disk?.unmount();
    await rm(folder, { recursive: true, force: true });
  });

  it(`at ${kills(6)} random moments`, { timeout: 60_000 + kills(6) * 10_000 }, async () => {
    await makeRecord(folder);
    let mended = 0;
    for (let kill = 0; kill < kills(6); kill += 1)
      mended += await mendAndProve(folder, (await writeAndKill(folder)).named);
    // Three writers at work: a kill nearly always falls between a file and its row.
    expect(mended).toBeGreaterThan(0);
  });

  it('while the disk is full', { timeout: 60_000 + kills(3) * 10_000 }, async () => {
    disk = await SmallDisk.mount(48);
    let failures = 0;
    for (let kill = 0; kill < kills(3); kill += 1) {
      await disk.empty();
      if (kill === 0 || (await disk.freeBytes()) < 12 * MB) {
        await disk.unmount();
        disk = await SmallDisk.mount(48);
        await makeRecord(disk.folder);
      }
      await disk.fillUpTo(Math.random() * 2 * MB);
      const outcome = await writeAndKill(disk.folder);
      failures += outcome.failures;
      await disk.empty();
      await mendAndProve(disk.folder, outcome.named);
    }
    expect(failures).toBeGreaterThan(0);
  });

  it('while the disk turns read-only and back', { timeout: 60_000 + kills(3) * 10_000 }, async () => {
    const small = await SmallDisk.mount(isSoak ? 4096 : 256);
    disk = small;
    await symlink(small.folder, join(folder, 'pictures'));
    await makeRecord(folder);
    let failures = 0;
    let named = 0;
    for (let kill = 0; kill < kills(3); kill += 1) {
      small.setReadOnly(true);
      // Every other time it turns read-only again just before the kill.
      const outcome = await writeAndKill(folder, (said) => {
        if (!said.includes('snap_')) small.setReadOnly(false);
        else if (kill % 2 === 1) small.setReadOnly(true);
        return said.includes('snap_');
      });
      failures += outcome.failures;
      named += outcome.named.length;
      while (!small.setReadOnly(false)) await new Promise((resolve) => setTimeout(resolve, 10));
      await mendAndProve(folder, outcome.named);
    }
    expect(failures).toBeGreaterThan(0);
    expect(named).toBeGreaterThan(0);
  });
});
