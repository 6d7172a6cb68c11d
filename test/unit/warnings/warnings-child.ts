// The warnings alone as a process of their own, so that tests can kill it between queue and send.
// Arguments: database file, webhook URL, key in base64, number of projects whose camera turns red in this run.
import { systemClock } from '../../../gateway/base/clock.ts';
import { openDatabase } from '../../../gateway/base/database.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import { channelCreate } from '../../../gateway/contract/notification.ts';
import { SecretBox } from '../../../gateway/fleet/secret-box.ts';
import { Warnings } from '../../../gateway/warnings/warnings.ts';
import { warningsMigrations } from '../../../gateway/warnings/warnings-migrations.ts';
import { StagedLightChanges } from '../../support/staged-neighbours.ts';

const [path = '', url = '', key = '', from = '0', to = '0'] = process.argv.slice(2);
const database = openDatabase(`sqlite:${path}`);
await migrate(database, warningsMigrations);
const warnings = new Warnings({
  clock: systemClock,
  logger: silentLogger,
  database,
  secretBox: new SecretBox(Buffer.from(key, 'base64')),
  guard: new NetworkGuard(['127.0.0.0/8']),
  changes: new StagedLightChanges(),
  subjects: {
    camera: () => undefined,
    project: () => undefined,
    steps: () => [],
    onStepsChange: () => () => undefined,
  },
  cameraCount: () => 1,
  timeZone: 'Asia/Shanghai',
  publicUrl: null,
  keepDays: 730,
});
await warnings.start();
const http = { template: '{"id":"{id}"}' };
const [channel] = warnings.channels.all();
const { id: channelId } =
  channel ?? (await warnings.channels.create(channelCreate.parse({ name: 'sms', kind: 'http', url, http })));
for (let n = Number(from); n < Number(to); n += 1) {
  await warnings.announce({ id: `push-${n}`, channelId, title: 't', lines: [], link: null });
  process.stdout.write(`${n}\n`);
}
process.stdout.write('queued\n');
// The clock's timers keep nothing alive.
setInterval(() => undefined, 60_000);
