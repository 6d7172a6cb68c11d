import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SecretBox, loadSecretKey } from '../../../gateway/fleet/secret-box.ts';

describe('SecretBox', () => {
  const box = new SecretBox(randomBytes(32));

  it('gives a secret back in its own context only', () => {
    const sealed = box.seal('päss 密码 %', 'camera a rtsp');
    expect(sealed).not.toContain('päss');
    expect(box.open(sealed, 'camera a rtsp')).toBe('päss 密码 %');
    expect(() => box.open(sealed, 'camera b rtsp')).toThrow(/enter it again/);
  });

  it('never gives the same text twice', () => {
    expect(box.seal('same', 'x')).not.toBe(box.seal('same', 'x'));
  });

  it('refuses changed, cut and foreign texts', () => {
    const sealed = box.seal('secret', 'x');
    const parts = sealed.split('.');
    const changed = [...parts.slice(0, 3), Buffer.from('zzzzzz').toString('base64url')].join('.');
    const shortTag = [parts[0], parts[1], 'AAAA', parts[3]].join('.');
    for (const bad of [changed, shortTag, '', 'v1', 'v2.a.b.c', sealed.slice(0, -2)]) {
      expect(() => box.open(bad, 'x')).toThrow(/cannot be decrypted/);
    }
    expect(() => new SecretBox(randomBytes(32)).open(sealed, 'x')).toThrow(/cannot be decrypted/);
  });
});

describe('loadSecretKey', () => {
  it('makes the key once, readable by its owner alone', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'gantry-key-')), 'secret.key');
    const key = await loadSecretKey(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await loadSecretKey(path)).toEqual(key);
  });

  it('closes a key file that others can read', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'gantry-key-')), 'secret.key');
    await loadSecretKey(path);
    await chmod(path, 0o644);
    await loadSecretKey(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('refuses a damaged key file and leaves it as it is', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'gantry-key-')), 'secret.key');
    await writeFile(path, 'short');
    await expect(loadSecretKey(path)).rejects.toThrow(/cannot be used/);
    expect(await readFile(path, 'utf8')).toBe('short');
  });
});
