import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ChildGateway } from './child-gateway.ts';
import { Mosquitto, MosquittoSub, mosquittoPub, until } from './mosquitto.ts';

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

it('loses no picture when the gateway is killed five times and the broker restarted once meanwhile', async () => {
  const path = join(tmpdir(), `killed-${process.pid}-${Math.random()}.db`);
  const broker = await Mosquitto.create();
  ends.push(() => broker.remove());
  await broker.start();
  const subscriber = new MosquittoSub(broker.port, 'gantry/g1/#', '5', ['-c', '-i', 'judge', '-x', '3600']);
  ends.push(() => subscriber.stop());
  await until('the subscriber listens', async () => {
    await mosquittoPub(broker.port, 'gantry/g1/probe', 'x');
    return subscriber.messages.length > 0;
  });

  let next = 0;
  for (let run = 1; run <= 6; run += 1) {
    const gateway = new ChildGateway(broker.url, path, run, `${next}-100000`);
    ends.push(() => gateway.end('SIGKILL'));
    await gateway.started();
    const enough = next + 10 + run * 5;
    await until('some taken', () => gateway.took >= enough);
    if (run === 3) {
      await broker.stop();
      await until('more taken without a broker', () => gateway.took >= enough + 30);
    }
    await gateway.end('SIGKILL');
    next = gateway.took + 1;
    if (run === 3) await broker.start();
  }
  const last = new ChildGateway(broker.url, path, 7, `${next}-${next + 1}`);
  ends.push(() => last.end('SIGKILL'));
  await last.started();

  const ids = () =>
    subscriber.of('gantry/g1/cameras/a/snapshots').map(({ id }) => Number(String(id).split('_')[2]));
  await until(`picture ${next} came`, () => ids().includes(next), 20_000);
  expect([...new Set(ids())]).toEqual(Array.from({ length: next + 1 }, (_, n) => n));
  const statuses = subscriber.of('gantry/g1/status');
  for (let run = 1; run <= 6; run += 1)
    if (run !== 3)
      expect(statuses).toContainEqual(expect.objectContaining({ state: 'offline', session: run }));
  await last.end('SIGKILL');
  for (const end of ['', '-wal', '-shm']) await rm(path + end, { force: true });
}, 60_000);
