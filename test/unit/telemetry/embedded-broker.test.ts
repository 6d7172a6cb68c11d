import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import { isGatewayError } from '../../../gateway/base/gateway-error.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { EmbeddedBroker } from '../../../gateway/telemetry/embedded-broker.ts';
import { MqttLink } from '../../../gateway/telemetry/mqtt-link.ts';
import type { BrokerAddress } from '../../../gateway/telemetry/broker-address.ts';
import { ChildGateway } from './child-gateway.ts';
import { MosquittoSub, freePort, mosquittoPub, until } from './mosquitto.ts';

const root = 'gantry/g1';
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function startBroker(
  port = 0,
): Promise<{ broker: EmbeddedBroker; address: BrokerAddress & { port: number } }> {
  const broker = new EmbeddedBroker({
    clock: systemClock,
    logger: silentLogger,
    host: '127.0.0.1',
    port,
    topicRoot: root,
    portWaitMs: 1000,
  });
  ends.push(() => broker.stop());
  return { broker, address: await broker.start() };
}

function startLink(broker: BrokerAddress): MqttLink {
  const link = new MqttLink({
    clock: systemClock,
    logger: silentLogger,
    broker,
    clientId: 'gantry-g1',
    will: () => ({ topic: `${root}/status`, payload: '{"state":"offline"}' }),
    subscriptions: [],
    onMessage: async () => undefined,
    backoff: { firstMs: 50, maxMs: 200 },
  });
  ends.push(() => link.stop());
  link.start();
  return link;
}

async function listen(port: number, filter = '#', more: string[] = []): Promise<MosquittoSub> {
  const subscriber = new MosquittoSub(port, filter, '311', more);
  ends.push(() => subscriber.stop());
  await until('the subscriber listens', async () => {
    await mosquittoPub(port, `${root}/cameras/probe/command`, 'x');
    return subscriber.messages.length > 0;
  });
  return subscriber;
}

describe('the embedded broker and Debian’s clients', () => {
  it('takes the gateway over MQTT 3.1.1 and hands its retained messages to a late subscriber', async () => {
    const { address } = await startBroker();
    const link = startLink(address);
    await until('connected', () => link.connected);
    expect(link.version).toBe(4);
    expect(await link.publish(`${root}/status`, '{"state":"online"}', { retain: true })).toEqual({
      ok: true,
    });
    const subscriber = await listen(address.port);
    await until('retained', () => subscriber.messages.some(({ retained }) => retained));
    expect(subscriber.of(`${root}/status`)).toEqual([{ state: 'online' }]);
  });

  it('falls back from MQTT 5, which it does not speak, without a wait', async () => {
    const { address } = await startBroker();
    const link = startLink({ ...address, versions: [5, 4] });
    await until('connected', () => link.connected, 2000);
    expect(link.version).toBe(4);
  });

  it('lets guests publish projects and commands, and nothing that is the gateway’s', async () => {
    const { address } = await startBroker();
    const subscriber = await listen(address.port);
    const topics = () =>
      subscriber.messages.map(({ topic }) => topic).filter((topic) => !topic.includes('probe'));
    await mosquittoPub(address.port, `${root}/tracker/projects/P1`, '{}');
    await mosquittoPub(address.port, `${root}/cameras/a/command`, '{}');
    for (const topic of [
      `${root}/status`,
      `${root}/cameras/a/health`,
      `${root}/tracker/projects/P1/x`,
      'gantry/other/status',
      'elsewhere',
    ])
      await mosquittoPub(address.port, topic, 'forged', ['-r']);
    await mosquittoPub(address.port, `${root}/cameras/b/command`, '{}');
    await until('the last came', () => topics().includes(`${root}/cameras/b/command`));
    expect(topics()).toEqual([
      `${root}/tracker/projects/P1`,
      `${root}/cameras/a/command`,
      `${root}/cameras/b/command`,
    ]);
  });

  it('refuses a guest that claims to be the gateway, and the gateway’s session stays', async () => {
    const { address } = await startBroker();
    const link = startLink(address);
    await until('connected', () => link.connected);
    const claim = (more: string[]) => mosquittoPub(address.port, `${root}/cameras/a/command`, '{}', more);
    expect(await claim(['-i', 'gantry-g1'])).not.toBe(0);
    expect(await claim(['-u', 'gateway', '-P', 'guess'])).not.toBe(0);
    expect(link.connected).toBe(true);
  });

  it('drops a connection that announces a packet past 512 KiB and goes on', async () => {
    const { address } = await startBroker();
    const socket = createConnection(address.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
    await once(socket, 'close');
    await listen(address.port);
  });

  it('is started anew on the same port when it dies, and the gateway finds it again', async () => {
    const { broker, address } = await startBroker();
    const link = startLink(address);
    await until('connected', () => link.connected);
    const { pid } = broker;
    process.kill(pid ?? 0, 'SIGKILL');
    await until('dropped', () => !link.connected);
    await until('back', () => link.connected);
    expect(broker.pid).not.toBe(pid);
  });

  it('says port-in-use with the way out when another program has the port', async () => {
    const taken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const error: unknown = await startBroker(port).catch((caught: unknown) => caught);
    taken.close();
    expect(isGatewayError(error, 'port-in-use')).toBe(true);
    expect(String(error)).toContain(`port ${port}`);
    expect(String(error)).toContain('mqtt.embedded.port');
  });
});

describe('a gateway that is killed', () => {
  let path: string;
  beforeEach(() => {
    path = join(tmpdir(), `child-${process.pid}-${Math.random()}.db`);
    ends.push(async () => {
      for (const end of ['', '-wal', '-shm']) await rm(path + end, { force: true });
    });
  });
  function startGateway(port: number, session: number): ChildGateway {
    const gateway = new ChildGateway(`embedded:${port}`, path, session);
    ends.push(() => gateway.end('SIGTERM'));
    return gateway;
  }

  it('is told offline by its last will with the session that ended; the next gateway gets the port at once', async () => {
    const port = await freePort();
    const first = startGateway(port, 7);
    await first.started();
    const subscriber = await listen(port);
    await until('online', () => subscriber.of(`${root}/status`).length > 0);
    await first.end('SIGKILL');
    await until('the will came', () => subscriber.of(`${root}/status`).at(-1)?.['state'] === 'offline', 5000);
    expect(subscriber.of(`${root}/status`).at(-1)).toMatchObject({ session: 7, state: 'offline', schema: 1 });
    // Someone who comes after the kill sees it too.
    const late = await listen(port);
    await until('retained will', () => late.of(`${root}/status`)[0]?.['state'] === 'offline');

    const begun = Date.now();
    const second = startGateway(port, 8);
    await second.started();
    expect(Date.now() - begun).toBeLessThan(6000);
    const third = await listen(port);
    await until('online again', () => third.of(`${root}/status`).at(-1)?.['state'] === 'online');
    expect(third.of(`${root}/status`).at(-1)).toMatchObject({ session: 8 });
    expect(first.errors + second.errors).toBe('');
  });

  it('tells offline itself on a clean end, and its broker is gone soon', async () => {
    const port = await freePort();
    const gateway = startGateway(port, 3);
    await gateway.started();
    const subscriber = await listen(port);
    await until('online', () => subscriber.of(`${root}/status`).length > 0);
    await gateway.end('SIGTERM');
    await until('offline', () => subscriber.of(`${root}/status`).at(-1)?.['state'] === 'offline');
    expect(gateway.errors).toBe('');
  });
});
