import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import type { Database } from '../../../gateway/base/database.ts';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { ErrorTally } from '../../../gateway/base/error-tally.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import type { MqttPublisher, PublishOutcome } from '../../../gateway/telemetry/mqtt-publisher.ts';
import { Outbox } from '../../../gateway/telemetry/outbox.ts';
import { OutboxStore } from '../../../gateway/telemetry/outbox-store.ts';
import { telemetryMigrations } from '../../../gateway/telemetry/telemetry-migrations.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** A link whose broker answers when the test says so. */
class HeldLink implements MqttPublisher {
  connected = true;
  readonly sent: { topic: string; payload: string; answer: (outcome: PublishOutcome) => void }[] = [];
  readonly #connects = new Emitter<void>((error) => {
    throw error;
  });

  publish(topic: string, payload: string): Promise<PublishOutcome> {
    return new Promise((answer) => this.sent.push({ topic, payload, answer }));
  }

  onConnected(listener: () => void): () => void {
    return this.#connects.subscribe(listener);
  }

  breaks(): void {
    this.connected = false;
    for (const { answer } of this.sent.splice(0)) answer({ ok: false, why: 'lost', message: '' });
  }

  returns(): void {
    this.connected = true;
    this.#connects.emit();
  }

  /** Acknowledges everything until nothing more is sent; the payloads in order of sending. */
  async drain(clock: FakeClock): Promise<string[]> {
    const payloads: string[] = [];
    for (;;) {
      await clock.advance(0);
      const batch = this.sent.splice(0);
      if (batch.length === 0) return payloads;
      for (const { payload, answer } of batch) {
        payloads.push(payload);
        answer({ ok: true });
      }
    }
  }
}

let clock: FakeClock;
let database: Database;
let link: HeldLink;
let outbox: Outbox;
let faults: string[];

function open(): Outbox {
  faults = [];
  return new Outbox({
    store: new OutboxStore(database),
    publisher: link,
    clock,
    faults: new ErrorTally(clock, (key) => faults.push(key)),
  });
}
const message = (lane: string, payload: string) => ({ lane, topic: `t/${lane}`, payload, retain: false });
const add = (lane: string, ...payloads: string[]) =>
  outbox.add(payloads.map((payload) => message(lane, payload)));

beforeEach(async () => {
  clock = new FakeClock();
  link = new HeldLink();
  database = openDatabase('sqlite::memory:');
  await migrate(database, telemetryMigrations);
  outbox = open();
  await outbox.start();
});

afterEach(async () => {
  await outbox.stop();
  await database.destroy();
});

describe('the outbox', () => {
  it('keeps one message of a lane under way and other lanes beside it', async () => {
    await add('a', 'a1', 'a2');
    await add('b', 'b1');
    await clock.advance(0);
    expect(link.sent.map(({ payload }) => payload)).toEqual(['a1', 'b1']);
    expect(await link.drain(clock)).toEqual(['a1', 'b1', 'a2']);
    expect(outbox.size).toBe(0);
  });

  it('never has more than 32 under way', async () => {
    for (let lane = 0; lane < 50; lane += 1) await add(`l${lane}`, 'x');
    await clock.advance(0);
    expect(link.sent).toHaveLength(32);
    expect(await link.drain(clock)).toHaveLength(50);
  });

  it('sends again, in order, what was under way when the link broke', async () => {
    await add('a', 'a1', 'a2', 'a3');
    await clock.advance(0);
    link.sent.shift()?.answer({ ok: true });
    await clock.advance(0);
    link.breaks();
    await clock.advance(0);
    await add('a', 'a4');
    link.returns();
    expect(await link.drain(clock)).toEqual(['a2', 'a3', 'a4']);
  });

  it('forgets only what was acknowledged: a new process sends the rest', async () => {
    await add('a', 'a1', 'a2', 'a3');
    await clock.advance(0);
    link.sent.shift()?.answer({ ok: true });
    await clock.advance(0);
    await outbox.stop();
    link.sent.length = 0;
    outbox = open();
    await outbox.start();
    expect(outbox.size).toBe(2);
    expect(await link.drain(clock)).toEqual(['a2', 'a3']);
    await outbox.stop();
    outbox = open();
    await outbox.start();
    expect(outbox.size).toBe(0);
  });

  it('lets the others go on when the broker refuses one lane, and tries that one again in its order', async () => {
    await add('bad', 'x1', 'x2');
    await add('good', 'g1', 'g2');
    await clock.advance(0);
    link.sent.shift()?.answer({ ok: false, why: 'refused', message: 'quota' });
    expect(await link.drain(clock)).toEqual(['g1', 'g2']);
    await add('bad', 'x3');
    await add('good', 'g3');
    expect(await link.drain(clock)).toEqual(['g3']);
    expect(faults).toEqual(['the broker refuses messages on t/bad']);
    await clock.advance(30_000);
    expect(await link.drain(clock)).toEqual(['x1', 'x2', 'x3']);
    expect(outbox.size).toBe(0);
  });

  it('works off a backlog far larger than what it reads ahead, each lane in order', async () => {
    link.connected = false;
    for (let batch = 0; batch < 20; batch += 1)
      await outbox.add(Array.from({ length: 100 }, (_, k) => message(`l${k % 7}`, `${batch * 100 + k}`)));
    link.returns();
    const sent = await link.drain(clock);
    expect(new Set(sent).size).toBe(2000);
    for (let lane = 0; lane < 7; lane += 1) {
      const own = sent.map(Number).filter((number) => (number % 100) % 7 === lane);
      expect(own).toEqual(own.toSorted((x, y) => x - y));
    }
  });

  it('writes messages and mark together or not at all', async () => {
    const store = new OutboxStore(database);
    await outbox.add([message('a', 'a1')], { source: 's', position: '1' });
    expect(await store.mark('s')).toBe('1');
    const broken = { ...message('a', 'a2'), payload: null as unknown as string };
    await expect(outbox.add([broken], { source: 's', position: '2' })).rejects.toThrow();
    expect(await store.mark('s')).toBe('1');
    await outbox.add([message('a', 'a3')]);
    expect(await link.drain(clock)).toEqual(['a1', 'a3']);
  });
});
