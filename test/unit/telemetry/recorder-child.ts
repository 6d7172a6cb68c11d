// The gateway below the media path, as a process of its own that tests can kill: the real record of pictures and changes of
// light, the real outbox and link. Arguments: broker URL, database file, cameras, pictures a second of all together.
// A line on standard input ends the recording; `drained` tells that the broker has acknowledged everything.
import { createInterface } from 'node:readline';
import { systemClock as clock } from '../../../gateway/base/clock.ts';
import { openDatabase } from '../../../gateway/base/database.ts';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { silentLogger as logger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { newId } from '../../../gateway/base/new-id.ts';
import type { Light, LightChange } from '../../../gateway/contract/health.ts';
import type { Snapshot, SnapshotQuery } from '../../../gateway/contract/snapshot.ts';
import { SnapshotLists } from '../../../gateway/snapshots/snapshot-lists.ts';
import { toSnapshot } from '../../../gateway/snapshots/snapshot-row.ts';
import { SnapshotStore } from '../../../gateway/snapshots/snapshot-store.ts';
import { migrations } from '../../../gateway/snapshots/snapshots-migrations.ts';
import { GatewaySessions } from '../../../gateway/status/gateway-sessions.ts';
import { LightChangeStore } from '../../../gateway/status/light-change-store.ts';
import { statusMigrations } from '../../../gateway/status/status-migrations.ts';
import { Telemetry } from '../../../gateway/telemetry/telemetry.ts';
import { telemetryMigrations } from '../../../gateway/telemetry/telemetry-migrations.ts';
import { GatewayParts, healthOf } from './gateway-parts.ts';

const [url = '', path = '', cameraCount = '0', perSecond = '0'] = process.argv.slice(2);
const cameraIds = Array.from({ length: Number(cameraCount) }, (_, index) => `cam_${index}`);
const fault = (error: unknown) => {
  throw error;
};
const database = openDatabase(`sqlite:${path}`);
await migrate(database, [...migrations, ...statusMigrations, ...telemetryMigrations]);
const session = await new GatewaySessions({ database, clock, logger }).start();
const store = new SnapshotStore(database, { sign: () => 'unsigned', verifies: () => true });
const lists = new SnapshotLists(store, 'Asia/Shanghai');
const changes = new LightChangeStore(database);
await changes.open();
const taken = new Emitter<Snapshot>(fault);
const changed = new Emitter<LightChange>(fault);
const parts = new GatewayParts();
for (const id of cameraIds) parts.tellHealth({ ...healthOf(id), session });

const telemetry = new Telemetry({
  clock,
  logger,
  database,
  broker: { url },
  gatewayId: 'g1',
  session,
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
  backoff: { firstMs: 50, maxMs: 300 },
});
await telemetry.start();
process.stdout.write('started\n');

async function record(cameraId: string): Promise<void> {
  const id = newId('snap');
  const row = await store.append({
    id,
    camera_id: cameraId,
    taken_at_ms: clock.now(),
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

async function turn(cameraId: string): Promise<void> {
  const from: Light = (await changes.lastBefore(cameraId, Number.MAX_SAFE_INTEGER))?.change.to ?? 'grey';
  const to: Light = from === 'green' ? 'red' : 'green';
  const at = new Date(clock.now()).toISOString();
  const reasons: LightChange['reasons'] =
    to === 'red' ? [{ code: 'unreachable', since: at, message: 'It does not answer.' }] : [];
  const change: LightChange = { schema: 1, at, cameraId, from, to, reasons };
  await changes.append(change);
  changed.emit(change);
}

const life = { recording: true };
let count = session * 17;
async function recordAll(): Promise<void> {
  const startMs = clock.monotonicMs();
  for (let n = 0; life.recording; n += 1) {
    const waitMs = startMs + (n * 1000) / Number(perSecond) - clock.monotonicMs();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const cameraId = cameraIds[count % cameraIds.length] ?? '';
    count += 1;
    await record(cameraId);
    // Some cameras turn red and green again now and then, two messages of one lane at once.
    if (count % 5 === 0) await turn(cameraId);
    process.stdout.write(`took ${n}\n`);
  }
}

void recordAll();
createInterface({ input: process.stdin }).once('line', () => {
  life.recording = false;
  const timer = setInterval(() => {
    if (telemetry.outboxSize() > 0) return;
    clearInterval(timer);
    void telemetry.stop().then(() => {
      process.stdout.write('drained\n');
      process.exit(0);
    });
  }, 50);
});
