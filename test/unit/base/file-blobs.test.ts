import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileBlobs } from '../../../gateway/base/file-blobs.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gantry-blobs-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function keys(blobs: FileBlobs, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of blobs.list(prefix)) found.push(key);
  return found.sort();
}

describe('FileBlobs', () => {
  it('gives back what was put, in folders that it makes', async () => {
    const blobs = new FileBlobs(root);
    await blobs.put('snapshots/cam_1/2026/11/23/a.jpg', Buffer.from('picture'));
    expect((await blobs.get('snapshots/cam_1/2026/11/23/a.jpg'))?.toString()).toBe('picture');
  });

  it('knows nothing of a key that was never put or is deleted', async () => {
    const blobs = new FileBlobs(root);
    await blobs.put('a/b', Buffer.from('x'));
    await blobs.delete('a/b');
    await blobs.delete('a/b');
    expect(await blobs.get('a/b')).toBeUndefined();
    expect(await blobs.get('never/there')).toBeUndefined();
  });

  it('lists only whole files below the prefix', async () => {
    const blobs = new FileBlobs(root);
    await blobs.put('a/1', Buffer.from('x'));
    await blobs.put('a/c/2', Buffer.from('x'));
    await blobs.put('b/3', Buffer.from('x'));
    await writeFile(join(root, '.partial', '0011'), 'cut');
    expect(await keys(blobs, '')).toEqual(['a/1', 'a/c/2', 'b/3']);
    expect(await keys(blobs, 'a')).toEqual(['a/1', 'a/c/2']);
    expect(await keys(blobs, 'nothing')).toEqual([]);
  });

  it('sweeps what an interrupted write left, and nothing else', async () => {
    const blobs = new FileBlobs(root);
    await blobs.put('a/1', Buffer.from('x'));
    await mkdir(join(root, '.partial'), { recursive: true });
    await writeFile(join(root, '.partial', '0011'), 'cut');
    expect(await blobs.sweepPartials()).toBe(1);
    expect(await readdir(join(root, 'a'))).toEqual(['1']);
  });

  it.each(['../secret.key', '/etc/passwd', 'a/../../b', 'a//b', '', 'A/b', 'a/.b'])(
    'refuses the key %j',
    async (key) => {
      await expect(new FileBlobs(root).put(key, Buffer.from('x'))).rejects.toThrow('is not a blob key');
      await expect(new FileBlobs(root).get(key)).rejects.toThrow('is not a blob key');
    },
  );
});
