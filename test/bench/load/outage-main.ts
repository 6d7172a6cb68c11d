// The gateway's telemetry over the real record as a process of its own, for measuring an outage of the broker. Arguments: broker
// URL, database file, cameras. Each line of standard input is an order: `minutes N` lives through so many minutes of the
// cameras' news as fast as it can, `usage` collects garbage; each is answered by a line of JSON.
import { createInterface } from 'node:readline';
import { systemClock as clock } from '../../../gateway/base/clock.ts';
import { openDatabase } from '../../../gateway/base/database.ts';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { silentLogger as logger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { newId } from '../../../gateway/base/new-id.ts';
import type { LightChange } from '../../../gateway/contract/health.ts';
import type { Snapshot, SnapshotQuery } from '../../../gateway/contract/snapshot.ts';
import { SnapshotLists } from '../../../gateway/snapshots/snapshot-lists.ts';
import { toSnapshot } from '../../../gateway/snapshots/snapshot-row.ts';
import { SnapshotStore } from '../../../gateway/snapshots/snapshot-store.ts';
import { migrations } from '../../../gateway/snapshots/snapshots-migrations.ts';
import { LightChangeStore } from '../../../gateway/status/light-change-store.ts';
import { statusMigrations } from '../../../gateway/status/status-migrations.ts';
import { Telemetry } from '../../../gateway/telemetry/telemetry.ts';
import { telemetryMigrations } from '../../../gateway/telemetry/telemetry-migrations.ts';
import { GatewayParts, changeOf, healthOf } from '../../unit/telemetry/gateway-parts.ts';

/** News of a camera in a minute: figures each 10 s; a picture each 10 minutes; its light changes each 20 minutes. */
const FIGURES_A_MINUTE = 6;
const PICTURE_EVERY_MIN = 10;
const CHANGE_EVERY_MIN = 20;

const [url = '', path = '', cameraCount = '0'] = process.argv.slice(2);
const cameraIds = Array.from({ length: Number(cameraCount) }, (_, index) => `cam_${index}`);
const fault = (error: unknown) => {
  throw error;
};
const database = openDatabase(`sqlite:${path}`);
await migrate(database, [...migrations, ...statusMigrations, ...telemetryMigrations]);
const store = new SnapshotStore(database, { sign: () => 'unsigned', verifies: () => true });
const lists = new SnapshotLists(store, 'Asia/Shanghai');
const changes = new LightChangeStore(database);
await changes.open();
const taken = new Emitter<Snapshot>(fault);
const changed = new Emitter<LightChange>(fault);
const parts = new GatewayParts();
for (const id of cameraIds) parts.tellHealth(healthOf(id));
parts.projectLights.start();

const telemetry = new Telemetry({
  clock,
  logger,
  database,
  broker: { url },
  gatewayId: 'bench',
  session: 1,
  version: '0.1.0',
  baseUrl: null,
  health: {
    ...parts.health,
    changesAfter: (seq, limit) => changes.after(seq, limit),
    onLightChange: (listener) => changed.subscribe(listener),
  },
  snapshots: {
    list: (cameraId: string, query: SnapshotQuery) => lists.list(cameraId, query),
    onTaken: (listener) => taken.subscribe(listener),
  },
  cameras: parts.cameras,
  projects: parts.projects,
  projectLights: parts.projectLights,
  tracker: parts.tracker,
  commands: parts.commands,
});
await telemetry.start();

async function picture(cameraId: string, atMs: number): Promise<void> {
  const id = newId('snap');
  const row = await store.append({
    id,
    camera_id: cameraId,
    taken_at_ms: atMs,
    scheduled_for_ms: null,
    width: 2560,
    height: 1440,
    bytes: 500_000,
    sha256: 'a'.repeat(64),
    source: 'keyframe',
    luma: 90,
    sharpness: 12,
    verdict: 'ok',
    milestone_id: null,
    note: null,
    blob_key: `snapshots/${id}.jpg`,
  });
  if (row) taken.emit(toSnapshot(row));
}

async function change(cameraId: string, minute: number, atMs: number): Promise<void> {
  const red = Math.floor(minute / CHANGE_EVERY_MIN) % 2 === 0;
  const at = new Date(atMs).toISOString();
  const news = {
    ...changeOf(cameraId, red ? 'red' : 'green'),
    at,
    from: red ? 'green' : 'red',
  } as LightChange;
  await changes.append(news);
  changed.emit(news);
}

let minute = 0;
const startMs = clock.now();

async function liveMinute(): Promise<void> {
  const atMs = startMs + minute * 60_000;
  for (let figure = 0; figure < FIGURES_A_MINUTE; figure += 1) {
    const at = new Date(atMs + figure * 10_000).toISOString();
    for (const id of cameraIds) parts.tellHealth({ ...healthOf(id), at });
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const [index, id] of cameraIds.entries()) {
    if ((index + minute) % PICTURE_EVERY_MIN === 0) await picture(id, atMs + index);
    if ((index + minute) % CHANGE_EVERY_MIN === 0) await change(id, minute, atMs + index);
  }
  minute += 1;
}

function usage(): object {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    heapMb: heapUsed / 1_048_576,
    rssMb: rss / 1_048_576,
    cpuSec: (user + system) / 1e6,
    waiting: telemetry.outboxSize(),
    connected: telemetry.connected(),
  };
}

process.stdout.write(`${JSON.stringify(usage())}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const [order, count = '0'] = line.split(' ');
  if (order === 'minutes') for (let n = 0; n < Number(count); n += 1) await liveMinute();
  process.stdout.write(`${JSON.stringify(usage())}\n`);
}
process.exit(0);
