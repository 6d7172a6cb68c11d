import { spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addPicture, finished, openFilms, scene, tempFolder } from './film-fixture.ts';

const KILLS = process.env['GANTRY_SOAK'] ? 50 : 3;

/** Makes films until one is done, and a random time longer; the ids that were named. */
function makeAndKill(folder: string): Promise<string[]> {
  const program = join(import.meta.dirname, 'film-crash-writer.ts');
  const env = { ...process.env, NODE_NO_WARNINGS: '1' };
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'], env });
  let named = '';
  let armed = false;
  child.stdout.on('data', (chunk: Buffer) => {
    named += chunk.toString();
    if (!armed) setTimeout(() => child.kill('SIGKILL'), Math.random() * 500);
    armed = true;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(named.split('\n').slice(0, -1));
      else reject(new Error('the program ended by itself'));
    });
  });
}

it('after kill -9 every film that was named is whole, no other file lies about, and the queue goes on', async () => {
  const root = await tempFolder();
  const first = await openFilms(root.path);
  for (let nth = 0; nth < 6; nth += 1)
    await addPicture(first, 'cam_a', `2026-11-23T00:0${nth}:00Z`, await scene(110));
  await first.database.destroy();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const named = await makeAndKill(root.path);
    expect(named.length).toBeGreaterThan(0);
    const at = await openFilms(root.path);
    await at.films.start();
    const { items } = await at.films.list(null, 100);
    for (const { id } of items) await finished(at.films, id);
    const after = (await at.films.list(null, 100)).items;
    expect(after.every(({ state }) => state === 'done')).toBe(true);
    expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(named));
    const files = await readdir(join(root.path, 'timelapses'));
    expect(files.sort()).toEqual(after.map(({ id }) => `${id}.mp4`).sort());
    for (const { id, bytes } of after) {
      const film = await readFile(join(root.path, 'timelapses', `${id}.mp4`));
      expect([film.length, film.indexOf('moov') < film.indexOf('mdat')]).toEqual([bytes, true]);
    }
    await at.films.stop();
    await at.database.destroy();
  }
  await root.remove();
}, 120_000);
