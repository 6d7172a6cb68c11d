import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import { openDatabase } from '../../../gateway/base/database.ts';
import type { Database } from '../../../gateway/base/database.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { cameraHealth, gatewayStatus, lightChange, projectHealth } from '../../../gateway/contract/health.ts';
import type { BrokerAddress } from '../../../gateway/telemetry/broker-address.ts';
import { commandResult, snapshotMessage, trackerError } from '../../../gateway/telemetry/payloads.ts';
import { Telemetry } from '../../../gateway/telemetry/telemetry.ts';
import { telemetryMigrations } from '../../../gateway/telemetry/telemetry-migrations.ts';
import { GatewayParts, changeOf, healthOf, snapshotOf } from './gateway-parts.ts';
import { Mosquitto, MosquittoSub, mosquittoPub, until } from './mosquitto.ts';

const root = 'gantry/g1';
let broker: Mosquitto;
let parts: GatewayParts;
let database: Database;
let path: string;
let subscribers: MosquittoSub[];
let telemetry: Telemetry;
/** As good as never, but where it is what is tested. */
let retainedCheckMs: number;

function newTelemetry(address: Partial<BrokerAddress> = {}, session = 1): Telemetry {
  return new Telemetry({
    clock: systemClock,
    logger: silentLogger,
    database,
    broker: { url: broker.url, ...address },
    gatewayId: 'g1',
    session,
    version: '0.1.0',
    baseUrl: 'https://gantry.example',
    health: parts.health,
    snapshots: parts.snapshotSource,
    cameras: parts.cameras,
    projects: parts.projects,
    projectLights: parts.projectLights,
    tracker: parts.tracker,
    commands: parts.commands,
    backoff: { firstMs: 50, maxMs: 200 },
    retainedCheckMs,
  });
}

async function listen(
  filter = '#',
  version: '311' | '5' = '311',
  more: string[] = [],
): Promise<MosquittoSub> {
  const subscriber = new MosquittoSub(broker.port, filter, version, more);
  subscribers.push(subscriber);
  const probe = `probe/${subscribers.length}`;
  if (filter === '#')
    await until('the subscriber listens', async () => {
      await mosquittoPub(broker.port, probe, 'x');
      return subscriber.messages.some(({ topic }) => topic === probe);
    });
  return subscriber;
}

beforeEach(async () => {
  broker = await Mosquitto.create();
  await broker.start();
  parts = new GatewayParts();
  subscribers = [];
  retainedCheckMs = 3_600_000;
  path = join(tmpdir(), `outbox-${process.pid}-${Math.random()}.db`);
  database = openDatabase(`sqlite:${path}`);
  await migrate(database, telemetryMigrations);
  telemetry = newTelemetry();
});

afterEach(async () => {
  await telemetry.stop();
  for (const subscriber of subscribers) await subscriber.stop();
  await broker.remove();
  await database.destroy();
  for (const end of ['', '-wal', '-shm']) await rm(path + end, { force: true });
});

describe('with a broker that speaks MQTT 5', () => {
  it('tells status, health and the project’s roll-up, retained, in the form of the contract', async () => {
    parts.tellHealth(healthOf('a'));
    parts.tellHealth(healthOf('b', 'red'));
    await telemetry.start();
    await until('connected', () => telemetry.connected());
    expect(telemetry.protocol()).toBe(5);
    await until('sent', async () => (await listen()).of(`${root}/projects/prj_1/health`).length > 0);
    const late = await listen();
    await until('all retained', () => late.messages.filter(({ retained }) => retained).length >= 4);
    expect(gatewayStatus.parse(late.of(`${root}/status`)[0])).toMatchObject({
      state: 'online',
      session: 1,
      cameras: { total: 2, green: 1, red: 1 },
    });
    expect(cameraHealth.parse(late.of(`${root}/cameras/b/health`)[0]).light).toBe('red');
    expect(projectHealth.parse(late.of(`${root}/projects/prj_1/health`)[0])).toMatchObject({
      light: 'red',
      externalProjectId: 'P-1',
      reasons: ['Camera b: It does not answer.'],
      cameras: { total: 2, green: 1, red: 1 },
    });
  });

  it('sends pictures and changes of light once, not retained, in the form of the contract', async () => {
    parts.tellHealth(healthOf('a'));
    await telemetry.start();
    const subscriber = await listen();
    parts.take(snapshotOf('a', 1));
    parts.tellChange(changeOf('a', 'green'));
    await until('both came', () => subscriber.of(`${root}/cameras/a/events`).length > 0);
    await until('both came', () => subscriber.of(`${root}/cameras/a/snapshots`).length > 0);
    const [snapshot] = subscriber.of(`${root}/cameras/a/snapshots`);
    expect(snapshotMessage.parse(snapshot)).toMatchObject({
      id: 'snp_a_1',
      url: 'https://gantry.example/api/v1/snapshots/snp_a_1/image',
    });
    expect(lightChange.parse(subscriber.of(`${root}/cameras/a/events`)[0])).toMatchObject({ to: 'green' });
    await until('acknowledged', () => telemetry.outboxSize() === 0);
    const late = await listen(`${root}/cameras/a/+`);
    await until('health is there', () => late.of(`${root}/cameras/a/health`).length > 0);
    expect(late.of(`${root}/cameras/a/snapshots`)).toEqual([]);
  });

  it('clears the topics of a camera that is removed, even when it was killed before the broker knew', async () => {
    parts.tellHealth(healthOf('a'));
    parts.tellHealth(healthOf('b'));
    await telemetry.start();
    await until('told', async () => (await listen()).of(`${root}/cameras/b/health`).length > 0);
    parts.removeCamera('a');
    await until('cleared', async () => {
      const late = await listen();
      await until('status', () => late.of(`${root}/status`).length > 0);
      return late.of(`${root}/cameras/a/health`).length === 0;
    });
    await telemetry.stop();
    parts.healths.delete('b');
    telemetry = newTelemetry({}, 2);
    await telemetry.start();
    await until('cleared', async () => {
      const late = await listen();
      await until('status', () => late.of(`${root}/status`).at(-1)?.['session'] === 2);
      return late.of(`${root}/cameras/b/health`).length === 0;
    });
  });

  it('tells offline itself when it is stopped', async () => {
    await telemetry.start();
    const subscriber = await listen();
    await until('online', () => subscriber.of(`${root}/status`).length > 0);
    await telemetry.stop();
    await until('offline', () => subscriber.of(`${root}/status`).at(-1)?.['state'] === 'offline');
    expect(gatewayStatus.parse(subscriber.of(`${root}/status`).at(-1)).session).toBe(1);
  });
});

describe('what the tracker sends', () => {
  it('creates, updates and archives projects; a bad message is answered and changes nothing', async () => {
    await telemetry.start();
    await until('connected', () => telemetry.connected());
    const subscriber = await listen();
    const project = {
      name: '大桥',
      district: '东区',
      milestones: [{ id: 'm1', name: '基础', dueOn: '2026-12-01' }],
    };
    await mosquittoPub(
      broker.port,
      `${root}/tracker/projects/P-7`,
      JSON.stringify({ ...project, extra: 1 }),
      ['-r'],
    );
    await mosquittoPub(broker.port, `${root}/tracker/projects/P-8`, '{"name":""}');
    await mosquittoPub(broker.port, `${root}/tracker/projects/P-9`, 'no json');
    await mosquittoPub(broker.port, `${root}/tracker/projects/P-7`, '', ['-r']);
    await until('archived', () => parts.tracked.length === 2);
    expect(parts.tracked).toMatchObject([
      ['P-7', { name: '大桥', district: '东区', milestones: [{ id: 'm1', name: '基础', owner: '' }] }],
      ['P-7', 'archived'],
    ]);
    await until('answered', () => subscriber.of(`${root}/tracker/errors`).length === 2);
    const errors = subscriber.of(`${root}/tracker/errors`).map((error) => trackerError.parse(error));
    expect(errors.map(({ topic, code }) => [topic, code])).toEqual([
      [`${root}/tracker/projects/P-8`, 'bad-request'],
      [`${root}/tracker/projects/P-9`, 'bad-request'],
    ]);
    expect(errors[0]?.message).toContain('name');
  });

  it('runs a command and answers on the response topic with its correlation data', async () => {
    await telemetry.start();
    await until('connected', () => telemetry.connected());
    const subscriber = await listen();
    const correlated = await listen('tracker/replies/+', '5', ['-F', '%r %t %D']);
    await until('the second subscriber listens', async () => {
      await mosquittoPub(broker.port, 'tracker/replies/probe', 'x');
      return correlated.messages.length > 0;
    });
    const answer = ['-V', 'mqttv5', '-D', 'publish', 'response-topic', 'tracker/replies/7'];
    answer.push('-D', 'publish', 'correlation-data', 'request-9');
    await mosquittoPub(broker.port, `${root}/cameras/a/command`, '{"do":"snapshot"}', answer);
    await until('answered', () => subscriber.of('tracker/replies/7').length === 1);
    expect(commandResult.parse(subscriber.of('tracker/replies/7')[0])).toMatchObject({
      cameraId: 'a',
      do: 'snapshot',
      ok: true,
      result: { id: 'snp_x' },
    });
    await until('correlated', () => correlated.messages.at(-1)?.payload === 'request-9');
  });

  it('answers on the result topic without one, tells faults without details, and never answers on its own topics', async () => {
    await telemetry.start();
    await until('connected', () => telemetry.connected());
    const subscriber = await listen();
    const stolen = ['-V', 'mqttv5', '-D', 'publish', 'response-topic', `${root}/status`];
    await mosquittoPub(broker.port, `${root}/cameras/a/command`, '{"do":"check"}', stolen);
    await mosquittoPub(broker.port, `${root}/cameras/a/command`, '{"do":"format"}');
    await until('answered', () => subscriber.of(`${root}/cameras/a/command/result`).length === 2);
    const results = subscriber.of(`${root}/cameras/a/command/result`).map((one) => commandResult.parse(one));
    expect(results.map(({ ok, error }) => [ok, error?.code])).toEqual([
      [false, 'internal'],
      [false, 'bad-request'],
    ]);
    expect(JSON.stringify(results)).not.toContain('broken');
  });
});

describe('a broker that is away', () => {
  it('delays pictures, and over three restarts of the broker loses and reorders none of 200', async () => {
    for (let index = 0; index < 10; index += 1) parts.tellHealth(healthOf(`c${index}`));
    await telemetry.start();
    await until('connected', () => telemetry.connected());
    const subscriber = await listen(`${root}/cameras/+/snapshots`, '311', ['-c', '-i', 'judge']);
    await until('subscribed', async () => {
      await mosquittoPub(broker.port, `${root}/cameras/probe/snapshots`, '{"id":"probe"}');
      return subscriber.messages.length > 0;
    });
    let n = 0;
    for (const count of [50, 50, 50]) {
      for (const end = n + count; n < end; n += 1) parts.take(snapshotOf(`c${n % 10}`, n));
      await until('some sent', () => telemetry.outboxSize() > 0 && telemetry.outboxSize() < count);
      await broker.stop();
      await until('noticed', () => !telemetry.connected());
      await broker.start();
    }
    for (; n < 200; n += 1) parts.take(snapshotOf(`c${n % 10}`, n));
    await until('acknowledged', () => telemetry.outboxSize() === 0, 20_000);
    for (let index = 0; index < 10; index += 1) {
      const wanted = Array.from({ length: 20 }, (_, k) => `snp_c${index}_${k * 10 + index}`);
      const firsts = () => [
        ...new Set(subscriber.of(`${root}/cameras/c${index}/snapshots`).map(({ id }) => id)),
      ];
      await until(`all of camera ${index} came`, () => firsts().length === 20);
      expect(firsts()).toEqual(wanted);
    }
  });

  it('queues 300 pictures on disk while it is dead, and sends all in order when it is back', async () => {
    parts.tellHealth(healthOf('a'));
    await telemetry.start();
    await until('connected', () => telemetry.connected());
    const subscriber = await listen(`${root}/cameras/+/snapshots`, '311', ['-c', '-i', 'judge']);
    await until('subscribed', async () => {
      await mosquittoPub(broker.port, `${root}/cameras/probe/snapshots`, '{"id":"probe"}');
      return subscriber.messages.length > 0;
    });
    await broker.stop();
    for (let n = 0; n < 300; n += 1) parts.take(snapshotOf('a', n));
    await until('queued', () => telemetry.outboxSize() === 300);
    expect(telemetry.connected()).toBe(false);
    await broker.start();
    const ids = () => subscriber.of(`${root}/cameras/a/snapshots`).map(({ id }) => id);
    await until('all came', () => ids().length >= 300);
    expect(ids()).toEqual(Array.from({ length: 300 }, (_, n) => `snp_a_${n}`));
  });

  it('gets all retained messages again when it has lost them', async () => {
    parts.tellHealth(healthOf('a'));
    await telemetry.start();
    await until('connected', () => telemetry.connected());
    await broker.remove();
    broker = await Mosquitto.create(broker.port);
    await broker.start();
    await until('again', async () => (await listen()).of(`${root}/cameras/a/health`).length > 0);
  });
});

describe('a broker that loses retained messages while it is connected', () => {
  it.each(process.env['GANTRY_SOAK'] ? ([5, 4] as const) : ([5] as const))(
    'gets one again, or all when status is gone, over MQTT level %i',
    async (version) => {
      retainedCheckMs = 1000;
      telemetry = newTelemetry({ versions: [version] });
      for (let index = 0; index < 30; index += 1) parts.tellHealth(healthOf(`c${index}`));
      await telemetry.start();
      await until('sent', () => telemetry.connected() && telemetry.published().acknowledged >= 32);
      const watcher = await listen();
      const clear = (topic: string) => mosquittoPub(broker.port, `${root}/${topic}`, '', ['-r']);
      await clear('cameras/c7/health');
      const again = (topic: string) => watcher.of(`${root}/${topic}`).length;
      await until('camera 7 is told again', () => again('cameras/c7/health') >= 2, 30_000);
      expect(again('cameras/c9/health')).toBe(1);
      await clear('status');
      await clear('cameras/c8/health');
      await clear('projects/prj_1/health');
      const all = ['status', 'cameras/c8/health', 'cameras/c29/health', 'projects/prj_1/health'];
      await until('all are told again', () => all.every((topic) => again(topic) >= 2), 30_000);
      // An offline that an old connection's will has left behind is corrected too.
      await mosquittoPub(broker.port, `${root}/status`, '{"state":"offline"}', ['-r']);
      await until('online again', () => watcher.of(`${root}/status`).at(-1)?.['state'] === 'online', 30_000);
      expect(telemetry.connected()).toBe(true);
    },
  );
});

describe('what was recorded and not queued when the gateway was killed', () => {
  it('is sent at the next start, once', async () => {
    parts.tellHealth(healthOf('a'));
    const subscriber = await listen();
    await telemetry.start();
    parts.take(snapshotOf('a', 1));
    parts.tellChange(changeOf('a', 'green'));
    await until('first', () => subscriber.of(`${root}/cameras/a/snapshots`).length === 1);
    await until('acknowledged', () => telemetry.outboxSize() === 0);
    await telemetry.stop();
    for (let n = 2; n <= 450; n += 1) parts.recordSilently(snapshotOf('a', n));
    parts.changes.push({ seq: 2, change: changeOf('a', 'red') });
    telemetry = newTelemetry({}, 2);
    await telemetry.start();
    await until('all', () => subscriber.of(`${root}/cameras/a/snapshots`).length >= 450);
    const ids = subscriber.of(`${root}/cameras/a/snapshots`).map((one) => one['id']);
    expect(ids).toEqual(Array.from({ length: 450 }, (_, index) => `snp_a_${index + 1}`));
    expect(subscriber.of(`${root}/cameras/a/events`).map((one) => one['to'])).toEqual(['green', 'red']);
  });
});
