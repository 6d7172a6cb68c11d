import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import { openDatabase } from '../../../gateway/base/database.ts';
import type { Database } from '../../../gateway/base/database.ts';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import type { EvidenceDay } from '../../../gateway/contract/evidence.ts';
import { EvidenceVerifyKey } from '../../../gateway/snapshots/evidence/evidence-key.ts';
import { evidenceMessage } from '../../../gateway/telemetry/payloads.ts';
import { Telemetry } from '../../../gateway/telemetry/telemetry.ts';
import { telemetryMigrations } from '../../../gateway/telemetry/telemetry-migrations.ts';
import { StagedEvidence } from '../../support/staged-neighbours.ts';
import { GatewayParts } from './gateway-parts.ts';
import { Mosquitto, MosquittoSub, until } from './mosquitto.ts';

const staged = new StagedEvidence();
let broker: Mosquitto;
let database: Database;
let path: string;
let days: EvidenceDay[];
let telemetry: Telemetry;
const closed = new Emitter<EvidenceDay>((error) => {
  throw error;
});

async function day(date: string): Promise<EvidenceDay> {
  const [first] = await staged.days();
  if (!first) throw new Error('there is no day');
  return { ...first, date };
}

beforeEach(async () => {
  broker = await Mosquitto.create();
  await broker.start();
  path = join(tmpdir(), `evidence-${process.pid}-${Math.random()}.db`);
  database = openDatabase(`sqlite:${path}`);
  await migrate(database, telemetryMigrations);
  days = [await day('2026-11-21')];
  const parts = new GatewayParts();
  telemetry = new Telemetry({
    clock: systemClock,
    logger: silentLogger,
    database,
    broker: { url: broker.url },
    gatewayId: 'g1',
    session: 1,
    version: '0.1.0',
    baseUrl: null,
    health: parts.health,
    snapshots: parts.snapshotSource,
    cameras: parts.cameras,
    projects: parts.projects,
    projectLights: parts.projectLights,
    tracker: parts.tracker,
    commands: parts.commands,
    evidence: {
      publicKey: staged.publicKey,
      days: () => Promise.resolve(days),
      onClosed: (listener) => closed.subscribe(listener),
    },
    backoff: { firstMs: 50, maxMs: 200 },
  });
});
afterEach(async () => {
  await telemetry.stop();
  await broker.remove();
  await database.destroy();
  for (const end of ['', '-wal', '-shm']) await rm(path + end, { force: true });
});

/** The retained days that a newcomer is given, by date. */
async function retained(count: number): Promise<Map<string, string>> {
  const subscriber = new MosquittoSub(broker.port, 'gantry/g1/evidence/+', '311', []);
  const dates = () => new Set(subscriber.messages.map(({ topic }) => topic));
  await until('the retained days come', async () => dates().size >= count);
  await subscriber.stop();
  return new Map(subscriber.messages.map(({ topic, payload }) => [topic.slice(-10), payload]));
}

it('tells every closed day, retained, with all that is needed to check its signature', async () => {
  await telemetry.start();
  closed.emit(await day('2026-11-22'));
  const told = await retained(2);
  expect([...told.keys()].sort()).toEqual(['2026-11-21', '2026-11-22']);
  const message = evidenceMessage.parse(JSON.parse(told.get('2026-11-22') ?? ''));
  const key = new EvidenceVerifyKey(message.publicKey);
  expect(key.verifies(message.statement, message.signature)).toBe(true);
  expect(key.keyId).toBe(message.keyId);
});

it('tells a day closed while the broker was away, and those that the broker lost', async () => {
  await telemetry.start();
  await retained(1);
  await broker.stop('SIGKILL');
  closed.emit(await day('2026-11-22'));
  await broker.start();
  expect([...(await retained(2)).keys()].sort()).toEqual(['2026-11-21', '2026-11-22']);
});
