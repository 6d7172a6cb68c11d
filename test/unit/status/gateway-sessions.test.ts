import { expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { GatewaySessions } from '../../../gateway/status/gateway-sessions.ts';
import { statusMigrations } from '../../../gateway/status/status-migrations.ts';
import { FakeClock } from '../../support/fake-clock.ts';

it('numbers each start one higher and knows the time between, after a clean stop and after a kill', async () => {
  const database = openDatabase('sqlite::memory:');
  await migrate(database, statusMigrations);
  const clock = new FakeClock();
  const t0 = clock.now();
  const open = () => new GatewaySessions({ database, clock, logger: silentLogger });

  const first = open();
  expect(await first.start()).toBe(1);
  await clock.advance(45_000);
  await first.stop();
  await clock.advance(10_000);
  const killed = open();
  expect(await killed.start()).toBe(2);
  await clock.advance(70_000);
  // Killed: no stop. Its last heartbeat was 60 s after its start.
  const third = open();
  expect(await third.start()).toBe(3);

  expect(await third.downtimes(t0, clock.now())).toEqual([
    { fromMs: t0 + 45_000, toMs: t0 + 55_000 },
    { fromMs: t0 + 115_000, toMs: t0 + 125_000 },
  ]);
  expect(await third.downtimes(t0, t0 + 50_000)).toHaveLength(1);
  await third.stop();
  await database.destroy();
});
