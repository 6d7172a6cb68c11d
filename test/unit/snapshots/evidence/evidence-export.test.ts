import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { Retention } from '../../../../gateway/snapshots/retention.ts';
import { RetentionStore } from '../../../../gateway/snapshots/retention-store.ts';
import { silentLogger } from '../../../../gateway/base/logger.ts';
import { WrittenRecord, timeZone } from './written-record.ts';

let record: WrittenRecord;
let zip: Buffer;
let folder: string;
const subject = { cameraId: 'cam_a', cameraName: '塔吊', projectName: '赣江三桥' };

beforeAll(async () => {
  record = await WrittenRecord.open();
  await record.takeDays(['cam_a', 'cam_b', 'cam_c'], 3);
  await record.take();
  zip = await bundle('2026-11-20T03:30:00.000Z', '2026-11-22T02:30:00.000Z');
});
afterAll(async () => {
  await record.close();
  await rm(dirname(folder), { recursive: true });
});

/** An empty folder of its own for each test: nothing of Gantry is near. */
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'elsewhere-')), 'bundle');
  await unpack(zip, folder);
});

async function bundle(from: string, to: string, of = record): Promise<Buffer> {
  const times = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  const chunks: Uint8Array[] = [];
  for await (const chunk of await of.evidence.export({ ...subject, ...times })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function unpack(bytes: Buffer, into: string): Promise<void> {
  const archive = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false });
  for await (const entry of archive.eachEntry()) {
    const path = join(into, entry.fileName);
    await mkdir(dirname(path), { recursive: true });
    const stream = await archive.openReadStreamPromise(entry);
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    await writeFile(path, Buffer.concat(parts));
  }
}

/** Runs the program of the bundle as someone without Gantry does. */
function check(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['verify.mjs', ...args], {
    cwd: folder,
    env: {},
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

interface Link {
  id: string;
  seq: number;
  chainHash: string;
  prevHash: string;
  file?: string;
  [field: string]: unknown;
}

async function links(): Promise<Link[]> {
  const text = await readFile(join(folder, 'links.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Link);
}

async function writeLinks(all: readonly Link[]): Promise<void> {
  await writeFile(join(folder, 'links.jsonl'), all.map((link) => JSON.stringify(link)).join('\n'));
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
  const pictures = all.filter(({ file }) => file !== undefined).length;
  await writeFile(path, JSON.stringify({ ...manifest, links: all.length, pictures }));
}

describe('a bundle', () => {
  it('is a whole ZIP that unzip takes, and verifies with Node alone', async () => {
    const file = join(dirname(folder), 'bundle.zip');
    await writeFile(file, zip);
    expect(execFileSync('python3', ['-m', 'zipfile', '-t', file], { encoding: 'utf8' })).toMatch(
      /Done testing/,
    );
    const { status, said } = check('--fingerprint', record.key.keyId);
    expect(said).toMatch(/^OK: every picture is as the gateway recorded it$/m);
    expect(said).toContain('赣江三桥 / 塔吊 (cam_a)');
    // Pictures 3 to 7; the links go on to 9, where the third day was signed.
    expect(said).toMatch(/7 links, 5 pictures, 3 signed days/);
    expect(status).toBe(0);
  });

  it('of today is covered by the signed end of the chain', async () => {
    await rm(folder, { recursive: true });
    await unpack(await bundle('2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'), folder);
    expect(check().said).toMatch(/1 links, 1 pictures, 0 signed days[\s\S]*OK/);
  });

  it('with pictures that retention removed tells so, and verifies', async () => {
    const old = await WrittenRecord.open();
    await old.takeDays(['cam_a'], 4, 4);
    const store = new RetentionStore(old.database, old.key);
    const retention = new Retention({
      clock: old.clock,
      blobs: old.blobs,
      logger: silentLogger,
      store,
      timeZone,
      allDays: 2,
    });
    expect(await retention.run()).toBe(6);
    await retention.stop();
    await rm(folder, { recursive: true });
    await unpack(await bundle('2026-11-20T00:00:00.000Z', '2026-11-26T00:00:00.000Z', old), folder);
    expect(check().said).toMatch(/16 links, 10 pictures[\s\S]*OK/);
    const all = await links();
    expect(all.filter((link) => link['removed'] !== undefined)).toHaveLength(6);
    await old.close();
  });

  const crimes: [string, () => Promise<void>, RegExp][] = [
    [
      'a changed byte',
      async () => {
        const [, link] = await links();
        const path = join(folder, link?.file ?? '');
        const bytes = await readFile(path);
        bytes[9] = (bytes[9] ?? 0) ^ 255;
        await writeFile(path, bytes);
      },
      /its picture was changed/,
    ],
    [
      'two swapped pictures',
      async () => {
        const [one, two] = (await links()).map(({ file }) => join(folder, file ?? ''));
        await rename(one ?? '', `${one}x`);
        await rename(two ?? '', one ?? '');
        await rename(`${one}x`, two ?? '');
      },
      /its picture was changed[\s\S]*its picture was changed/,
    ],
    [
      'a missing picture',
      async () => rm(join(folder, (await links())[1]?.file ?? '')),
      /its picture is missing/,
    ],
    [
      'a deleted row',
      async () => writeLinks((await links()).filter((_, index) => index !== 1)),
      /missing or out of order/,
    ],
    [
      'a picture put in',
      () => writeFile(join(folder, 'pictures/snap_forged.jpg'), 'x'),
      /snap_forged\.jpg: was not recorded/,
    ],
    [
      'rows in another order',
      async () => {
        const [one, two, ...rest] = await links();
        if (one && two) await writeLinks([two, one, ...rest]);
      },
      /out of order/,
    ],
    [
      'a changed time',
      async () => {
        const [one, ...rest] = await links();
        if (one) await writeLinks([{ ...one, takenAt: '2026-11-20T03:31:00.000Z' }, ...rest]);
      },
      /a recorded field was changed/,
    ],
    [
      'a picture passed off as removed',
      async () => {
        const [one, { file, ...two } = { file: '' }, ...rest] = await links();
        await rm(join(folder, file ?? ''));
        const removed = { removedAt: '2026-11-24T00:00:00.000Z', policy: 'p', signature: 'AAAA' };
        if (one) await writeLinks([one, { ...two, removed } as unknown as Link, ...rest]);
      },
      /has not signed that/,
    ],
    ['a chain rewritten without the key', rewriteChain, /is not the one that was signed/],
    [
      'a bundle signed with another key',
      async () => {
        const key = (
          await import('../../../../gateway/snapshots/evidence/evidence-key.ts')
        ).EvidenceKey.generate();
        await writeFile(join(folder, 'public-key.pem'), key.pem);
      },
      /not signed with this key/,
    ],
  ];

  it.each(crimes)('shows %s', async (_name, commit, reason) => {
    await commit();
    const { status, said } = check();
    expect(said).toMatch(reason);
    expect(said).not.toMatch(/^OK/m);
    expect(status).toBe(1);
  });

  it('says when its key is not the one expected', () => {
    expect(check('--fingerprint', 'ab'.repeat(32))).toMatchObject({ status: 1 });
  });
});

it('of a time without pictures is refused in plain words', async () => {
  await expect(bundle('2020-01-01T00:00:00.000Z', '2020-02-01T00:00:00.000Z')).rejects.toThrow(
    /no pictures in this time/,
  );
});

/** Replaces a picture and makes every hash after it fit again. */
async function rewriteChain(): Promise<void> {
  const { chainHash, sha256Of } = await import('../../../../gateway/snapshots/chain-hash.ts');
  const all = await links();
  let before: string | undefined;
  for (const [index, link] of all.entries()) {
    if (index === 1) {
      await writeFile(join(folder, link.file ?? ''), 'forged');
      Object.assign(link, { sha256: sha256Of(Buffer.from('forged')), bytes: 6 });
    }
    link.prevHash = before ?? link.prevHash;
    const { takenAt, scheduledFor, ...rest } = link as unknown as Record<string, string | null>;
    const scheduledForMs = scheduledFor ? Date.parse(scheduledFor) : null;
    const fields = { ...rest, takenAtMs: Date.parse(takenAt ?? ''), scheduledForMs };
    link.chainHash = chainHash(fields as unknown as Parameters<typeof chainHash>[0]);
    before = link.chainHash;
  }
  await writeLinks(all);
}
