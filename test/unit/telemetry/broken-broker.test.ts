import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { connect as mqtt } from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import { Conformance } from '../../../gateway/telemetry/tracker-sim/conformance.ts';
import { PayloadSchemas } from '../../../gateway/telemetry/tracker-sim/payload-schemas.ts';
import { Mosquitto, mosquittoPub, until } from './mosquitto.ts';

/** How often the broker is killed, and each second time the gateway too; 20 where GANTRY_SOAK is set. */
const ROUNDS = process.env['GANTRY_SOAK'] ? 20 : 2;
const CAMERAS = 50;
/** Ten pictures a second; in the short share faster, so that as much is under way in less time. */
const PER_SECOND = process.env['GANTRY_SOAK'] ? 10 : 40;
const UP_MS = process.env['GANTRY_SOAK'] ? 3000 : 600;
const PROGRAM = fileURLToPath(new URL('./recorder-child.ts', import.meta.url));
const ROOT = 'gantry/g1';
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The recording gateway as a process. */
class Recorder {
  took = 0;
  #said = '';
  #errors = '';
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

  constructor(url: string, path: string) {
    const args = [PROGRAM, url, path, String(CAMERAS), String(PER_SECOND)];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      if (line.startsWith('took')) this.took += 1;
      else this.#said = line;
    });
  }

  async started(): Promise<void> {
    await until('the recorder starts', () => this.#said === 'started' || this.#errors !== '', 30_000);
    expect(this.#errors).toBe('');
  }

  async tookMore(count: number): Promise<void> {
    const enough = this.took + count;
    await until(`${count} more are taken`, () => this.took >= enough, 30_000);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  /** Ends recording; resolves when the broker has acknowledged all and the process is gone. */
  async drain(): Promise<void> {
    this.#child.stdin.write('end\n');
    await until('all is acknowledged', () => this.#said === 'drained', 60_000);
  }
}

interface Subscriber {
  messages: readonly { topic: string; retained: boolean; payload: string }[];
  stop(): Promise<unknown>;
}

/** A subscriber with a stored session of its own, back as soon as the broker is. */
async function storedSession(broker: Mosquitto): Promise<Subscriber> {
  const client = mqtt(broker.url, {
    clientId: 'judge',
    clean: false,
    protocolVersion: 5,
    reconnectPeriod: 100,
    properties: { sessionExpiryInterval: 3600 },
  });
  const messages: { topic: string; retained: boolean; payload: string }[] = [];
  client.on('error', () => undefined);
  client.on('message', (topic, payload, { retain }) =>
    messages.push({ topic, retained: retain, payload: payload.toString() }),
  );
  await client.subscribeAsync('#', { qos: 1 });
  return { messages, stop: () => client.endAsync() };
}

interface Told {
  lane: string;
  key: string;
}

/** What is on record, camera by camera in order, read from the database by itself. */
function recorded(path: string): { snapshots: Told[]; events: Told[] } {
  const database = new DatabaseSync(path, { readOnly: true });
  const snapshots = database
    .prepare('select camera_id as lane, id as key from snapshots order by camera_id, seq')
    .all();
  const events = database
    .prepare(
      "select camera_id as lane, at_ms || ' ' || to_light as key from light_changes order by camera_id, seq",
    )
    .all();
  database.close();
  const plain = (rows: object[]): Told[] => rows.map((row) => ({ ...(row as Told) }));
  return { snapshots: plain(snapshots), events: plain(events) };
}

/** What a subscriber got, camera by camera: the first of each message in the order in which they came. */
function arrived(subscriber: Subscriber, kind: 'snapshots' | 'events'): Told[] {
  const firsts = new Map<string, { told: Told; payload: string }>();
  for (const { topic, payload } of subscriber.messages) {
    const lane = new RegExp(`^${ROOT}/cameras/(cam_\\d+)/${kind}$`).exec(topic)?.[1];
    if (lane === undefined) continue;
    const message = JSON.parse(payload) as { id: string; at: string; to: string };
    const key = kind === 'snapshots' ? message.id : `${Date.parse(message.at)} ${message.to}`;
    const known = firsts.get(`${lane} ${key}`);
    // QoS 1 may bring a message twice: with the same id it is the same to the letter.
    if (known) expect(payload).toBe(known.payload);
    else firsts.set(`${lane} ${key}`, { told: { lane, key }, payload });
  }
  return [...firsts.values()]
    .map(({ told }) => told)
    .toSorted((a, b) => (a.lane < b.lane ? -1 : a.lane > b.lane ? 1 : 0));
}

async function judge(subscriber: Subscriber): Promise<Conformance> {
  const conformance = new Conformance({
    schemas: await PayloadSchemas.load(join(import.meta.dirname, '../../../config/mqtt')),
    root: ROOT,
    rules: { timeZone: 'Asia/Shanghai', warnDays: 7 },
    now: () => Date.now(),
  });
  for (const { topic, payload, retained } of subscriber.messages) {
    if (!topic.startsWith(`${ROOT}/`)) continue;
    const extra = { dup: false, responseTopic: null, correlationData: null };
    conformance.take({ topic, payload: Buffer.from(payload), retained, ...extra });
  }
  return conformance;
}

it(
  `a broker killed and restarted ${ROUNDS} times, the gateway too: no picture or event of 50 cameras is lost or out of order`,
  async () => {
    const path = join(tmpdir(), `recorder-${process.pid}-${Math.random()}.db`);
    ends.push(() => Promise.all(['', '-wal', '-shm'].map((end) => rm(path + end, { force: true }))));
    const broker = await Mosquitto.create();
    ends.push(() => broker.remove());
    await broker.start();
    const subscriber = await storedSession(broker);
    ends.push(() => subscriber.stop());
    await subscribed(subscriber, broker, 'first');

    let gateway = new Recorder(broker.url, path);
    ends.push(() => gateway.kill());
    await gateway.started();
    for (let round = 1; round <= ROUNDS; round += 1) {
      await gateway.tookMore(Math.ceil((PER_SECOND * UP_MS) / 1000));
      await broker.stop('SIGKILL');
      await gateway.tookMore(10);
      if (round % 2 === 0) {
        await gateway.kill();
        gateway = new Recorder(broker.url, path);
        await gateway.started();
        await gateway.tookMore(5);
      }
      await broker.start();
      if (round % 4 === 0) await gateway.kill();
      // Mosquitto keeps on disk what it owes an absent subscriber only as of its last save: the subscriber must be there.
      await subscribed(subscriber, broker, `round-${round}`);
      if (round % 4 === 0) {
        gateway = new Recorder(broker.url, path);
        await gateway.started();
      }
    }
    await gateway.tookMore(10);
    await gateway.drain();

    const record = recorded(path);
    expect(record.snapshots.length).toBeGreaterThan(ROUNDS * 20);
    await until(
      'the last picture has come',
      () => arrived(subscriber, 'snapshots').length >= record.snapshots.length,
    );
    await until(
      'the last event has come',
      () => arrived(subscriber, 'events').length >= record.events.length,
    );
    expect(arrived(subscriber, 'snapshots')).toEqual(record.snapshots);
    expect(arrived(subscriber, 'events')).toEqual(record.events);
    const { violations, duplicates, counts } = await judge(subscriber);
    expect(violations).toEqual([]);
    if (process.env['GANTRY_SOAK'])
      process.stdout.write(
        `${ROUNDS} rounds: ${record.snapshots.length} pictures, ${record.events.length} events, ${duplicates} repetitions, ${JSON.stringify(Object.fromEntries(counts))}\n`,
      );
  },
  60_000 + ROUNDS * 30_000,
);

/** Waits until the subscriber is connected (again). */
async function subscribed(subscriber: Subscriber, broker: Mosquitto, word: string): Promise<void> {
  const topic = `probe/${word}`;
  await until(
    'the subscriber listens',
    async () => {
      await mosquittoPub(broker.port, topic, 'x', ['-q', '0']);
      return subscriber.messages.some((message) => message.topic === topic);
    },
    30_000,
  );
}
