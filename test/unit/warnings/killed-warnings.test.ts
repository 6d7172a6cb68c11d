import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { RobotReceiver } from '../../support/robot-receiver.ts';

const ROUNDS = process.env['GANTRY_SOAK'] === '1' ? 20 : 1;
const EACH = 3;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

it('loses no message when it is killed between queue and send, and repeats one under the same id alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warnings-'));
  ends.push(() => rm(folder, { recursive: true }));
  const sms = await new RobotReceiver('http').start();
  ends.push(() => sms.stop());
  const key = randomBytes(32).toString('base64');
  // The first message of each run hangs at the receiver: it is under way when the process dies.
  sms.instead = (response, received) => {
    received.accepted = true;
    setTimeout(() => response.end(), 60_000).unref();
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = sms.received.length;
    const child = start(join(folder, 'w.db'), sms.url, key, round * EACH, (round + 1) * EACH);
    await queued(child);
    await until(() => sms.received.length > before);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  sms.instead = null;
  const last = start(join(folder, 'w.db'), sms.url, key, 0, 0);
  const sent = () =>
    new Set(sms.received.slice(ROUNDS).map(({ body }) => (JSON.parse(body) as { id: string }).id));
  await until(() => sent().size >= ROUNDS * EACH);
  last.kill('SIGKILL');
  await once(last, 'exit');
  const ids = Array.from({ length: ROUNDS * EACH }, (_, n) => `push-${n}`);
  expect([...sent()].sort()).toEqual(ids.sort());
  for (const { headers, body } of sms.received)
    expect(headers['idempotency-key']).toBe((JSON.parse(body) as { id: string }).id);
  // What was under way at each kill, again; nothing else twice.
  expect(sms.received).toHaveLength(ROUNDS * EACH + ROUNDS);
}, 120_000);

function start(...args: (string | number)[]): ChildProcess {
  const program = join(import.meta.dirname, 'warnings-child.ts');
  const child = spawn(process.execPath, [program, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  ends.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });
  return child;
}

async function queued(child: ChildProcess): Promise<void> {
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(() => said.includes('queued'));
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('it took too long');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
