// A small gateway of telemetry alone, run as a process of its own so that tests can kill it.
// Arguments: broker URL or `embedded:PORT`, database file, session, number of pictures to take each second.
import { systemClock } from '../../../gateway/base/clock.ts';
import { openDatabase } from '../../../gateway/base/database.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { EmbeddedBroker } from '../../../gateway/telemetry/embedded-broker.ts';
import { Telemetry } from '../../../gateway/telemetry/telemetry.ts';
import { telemetryMigrations } from '../../../gateway/telemetry/telemetry-migrations.ts';
import { GatewayParts, healthOf, snapshotOf } from './gateway-parts.ts';

const [where = '', path = '', session = '1', upTo = '0'] = process.argv.slice(2);
const parts = new GatewayParts();
parts.tellHealth(healthOf('a'));
const database = openDatabase(`sqlite:${path}`);
await migrate(database, telemetryMigrations);
const broker = where.startsWith('embedded:')
  ? await new EmbeddedBroker({
      clock: systemClock,
      logger: silentLogger,
      host: '127.0.0.1',
      port: Number(where.slice('embedded:'.length)),
      topicRoot: 'gantry/g1',
    }).start()
  : { url: where };
const telemetry = new Telemetry({
  clock: systemClock,
  logger: silentLogger,
  database,
  broker,
  gatewayId: 'g1',
  session: Number(session),
  version: '0.1.0',
  baseUrl: null,
  health: parts.health,
  snapshots: parts.snapshotSource,
  cameras: parts.cameras,
  projects: parts.projects,
  projectLights: parts.projectLights,
  tracker: parts.tracker,
  commands: parts.commands,
  backoff: { firstMs: 50, maxMs: 200 },
});
// What earlier runs have recorded is on disk: pictures 0 … of this run's share come before the live ones.
const [first, last] = upTo.split('-').map(Number);
for (let n = 0; n < (first ?? 0); n += 1) parts.recordSilently(snapshotOf('a', n));
await telemetry.start();
process.stdout.write('started\n');
let n = first ?? 0;
const timer = setInterval(() => {
  if (n >= (last ?? 0)) return;
  parts.take(snapshotOf('a', n));
  // The parent learns what was on disk when this process was killed.
  process.stdout.write(`took ${n}\n`);
  n += 1;
}, 5);
process.on('SIGTERM', () => {
  clearInterval(timer);
  void telemetry.stop().then(() => process.exit(0));
});
