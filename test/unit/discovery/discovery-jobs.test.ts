import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import { isGatewayError } from '../../../gateway/base/gateway-error.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import type { DiscoveryJob } from '../../../gateway/contract/discovery.ts';
import { discoveryJob } from '../../../gateway/contract/discovery.ts';
import { DiscoveryJobs } from '../../../gateway/discovery/discovery-jobs.ts';
import type { RegisteredCameras } from '../../../gateway/discovery/discovery-jobs.ts';
import { OnvifClient } from '../../../gateway/discovery/onvif/onvif-client.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FixtureDevice } from './fixture-device.ts';
import type { FixtureDeviceOptions } from './fixture-device.ts';
import { FixtureResponder } from './fixture-responder.ts';
import type { FixtureAnswer } from './fixture-responder.ts';

const RIGHT = { username: 'admin', password: 'right & <proper>' };
const WRONG = { username: 'admin', password: 'wrong' };
const UUID = 'urn:uuid:a0b1c2d3-e4f5-0617-2839-98df820a1b';
const SETS = [
  { id: 'crd_wrong', ...WRONG },
  { id: 'crd_right', ...RIGHT },
];
const nobody: RegisteredCameras = { findRegistered: () => Promise.resolve(null) };
const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function device(options: FixtureDeviceOptions): Promise<FixtureDevice> {
  const started = await new FixtureDevice(options).start();
  ends.push(() => started.stop());
  return started;
}

async function responder(answers: (FixtureAnswer | Buffer)[]): Promise<FixtureResponder> {
  const started = await new FixtureResponder(answers).start();
  ends.push(() => started.stop());
  return started;
}

function jobs(
  options: {
    registered?: RegisteredCameras;
    networks?: string[];
    interfaces?: string[];
    clock?: FakeClock;
  } = {},
): DiscoveryJobs {
  const guard = new NetworkGuard(options.networks ?? ['127.0.0.0/8']);
  const clock = options.clock ?? systemClock;
  const client = new OnvifClient({ clock: systemClock, guard, logger: silentLogger, requestTimeoutMs: 1000 });
  const made = new DiscoveryJobs({
    clock,
    logger: silentLogger,
    client,
    guard,
    interfaces: options.interfaces ?? ['lo'],
    timeoutSec: 1,
    registered: options.registered ?? nobody,
    credentialSets: { lookup: (ids) => SETS.filter(({ id }) => ids.includes(id)) },
  });
  ends.push(() => made.stop());
  return made;
}

function ended(search: DiscoveryJobs, id: string): Promise<DiscoveryJob> {
  return new Promise((resolve) => {
    const end = search.onUpdate((job) => {
      if (job.id !== id || job.state === 'running') return;
      end();
      resolve(discoveryJob.parse(job));
    });
  });
}

function ours(job: DiscoveryJob, prefix = UUID): DiscoveryJob['devices'] {
  return job.devices.filter((each) => each.endpointId?.startsWith(prefix) ?? false);
}

describe('a multicast search', () => {
  it('finds each device once, reads those that can be signed in to, and lists the others with what they announced', async () => {
    const good = await device({ vendor: 'hikvision' });
    const locked = await device({ vendor: 'axis', auth: 'wsse', password: 'another' });
    const moved = await device({ vendor: 'dahua', auth: 'wsse' });
    const udp = await responder([
      {
        endpointId: `${UUID}01`,
        types: 'dn:NetworkVideoTransmitter',
        scopes: 'onvif://www.onvif.org/name/Gate',
        xaddrs: good.xaddr,
      },
      {
        endpointId: `${UUID}02`,
        scopes: 'onvif://www.onvif.org/name/Pit%20A onvif://www.onvif.org/hardware/P1375',
        xaddrs: locked.xaddr,
      },
      // Says its old address: port and path are right, the host is not.
      { endpointId: `${UUID}03`.toUpperCase(), xaddrs: moved.xaddr.replace('127.0.0.1', '203.0.113.9') },
      { endpointId: `${UUID}04`, types: 'wprt:PrintDeviceType', xaddrs: 'http://127.0.0.1:1/print' },
      Buffer.from('junk'),
      Buffer.from([0, 255, 1]),
    ]);
    const search = jobs({
      registered: {
        findRegistered: (found) => Promise.resolve(found.mac === '98:df:82:0a:1b:2c' ? 'cam_known' : null),
      },
    });
    const job = await ended(search, search.start({ method: 'multicast', credentials: [RIGHT] }));
    expect(job).toMatchObject({ state: 'done', error: null });
    expect(job.progress.done).toBe(job.progress.total);
    const found = ours(job).sort((a, b) => String(a.endpointId).localeCompare(String(b.endpointId)));
    expect(found).toHaveLength(3);
    expect(found[0]).toMatchObject({
      auth: 'ok',
      vendor: 'HIKVISION',
      address: '127.0.0.1',
      xaddr: good.xaddr,
      registeredCameraId: 'cam_known',
    });
    expect(found[0]?.profiles).toHaveLength(2);
    expect(found[1]).toMatchObject({
      auth: 'rejected',
      name: 'Pit A',
      model: 'P1375',
      vendor: null,
      registeredCameraId: null,
    });
    expect(found[1]?.error).toMatch(/refused/);
    expect(found[2]).toMatchObject({ auth: 'ok', vendor: 'Dahua', xaddr: moved.xaddr });
    expect([good.refusedSignIns, locked.refusedSignIns]).toEqual([0, 1]);
    expect(new Set(udp.probes.map((probe) => probe.types))).toEqual(
      new Set(['dn:NetworkVideoTransmitter', 'tds:Device', '']),
    );
    // Each type is asked for anew, under another message id.
    expect(new Set(udp.probes.map((probe) => probe.id)).size).toBeGreaterThanOrEqual(5);
    expect(udp.probes.length).toBeGreaterThanOrEqual(4);
  });

  it('says that a device wants a password when none is given', async () => {
    const camera = await device({ vendor: 'uniview', clockOffsetMs: 3_600_000 });
    await responder([{ endpointId: `${UUID}05`, xaddrs: camera.xaddr }]);
    const search = jobs();
    const [found] = ours(
      await ended(search, search.start({ method: 'multicast', timeoutSec: 1 })),
      `${UUID}05`,
    );
    expect(found).toMatchObject({ auth: 'required', error: null, profiles: [] });
    expect(found?.clockDriftSec).toBeGreaterThan(3590);
  });

  it('lists boards that share one endpoint id apart by their MAC, and one device with two addresses once', async () => {
    const [first, twin, again] = await Promise.all([
      device({ vendor: 'hikvision' }),
      device({ vendor: 'dahua', auth: 'wsse' }),
      device({ vendor: 'hikvision' }),
    ]);
    await responder([first, twin, again].map(({ xaddr }) => ({ endpointId: `${UUID}13`, xaddrs: xaddr })));
    const search = jobs();
    const job = await ended(search, search.start({ method: 'multicast', credentials: [RIGHT] }));
    expect(ours(job, `${UUID}13`).map(({ mac }) => mac)).toEqual(['98:df:82:0a:1b:2c', '3c:ef:8c:aa:bb:cc']);
    expect(job.progress.done).toBe(job.progress.total);
  });

  it('reads nothing at an address outside the allowed networks', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const udp = await new FixtureResponder([{ endpointId: `${UUID}06`, xaddrs: camera.xaddr }]).start(
      '127.0.0.2',
    );
    ends.push(() => udp.stop());
    const search = jobs({ networks: ['127.0.0.1/32'] });
    const job = await ended(search, search.start({ method: 'multicast' }));
    expect(udp.probes.length).toBeGreaterThan(0);
    expect(ours(job, `${UUID}06`)).toEqual([]);
    expect(camera.calls).toEqual([]);
    const nowhere = jobs({ networks: ['10.0.0.0/8'] });
    expect(codeOf(() => nowhere.start({ method: 'multicast' }))).toBe('bad-request');
  });

  it('refuses an interface that is not there', () => {
    const search = jobs({ interfaces: ['nope0'] });
    expect(() => search.start({ method: 'multicast' })).toThrow(/"nope0".*lo/);
  });

  it('can be cancelled, and keeps what it found', async () => {
    const search = jobs();
    const id = search.start({ method: 'multicast', timeoutSec: 30 });
    const end = ended(search, id);
    expect(search.cancel(id)).toBe(true);
    expect(await end).toMatchObject({ state: 'failed' });
    expect(search.get(id)?.error).toMatch(/cancelled/);
    expect(search.cancel(id)).toBe(false);
    expect(search.cancel('dsc_other')).toBe(false);
  });
});

describe('asking hosts', () => {
  it('reads the device at each, and says what is wrong with the others', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const web = createServer((_, response) => response.writeHead(404).end('<html>no</html>'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    ends.push(() => void web.close());
    const webPort = (web.address() as AddressInfo).port;
    const closed = await new FixtureDevice({ vendor: 'axis' }).start();
    const closedPort = closed.port;
    await closed.stop();
    const search = jobs();
    const hosts = [
      `127.0.0.1:${camera.port}`,
      `http://127.0.0.1:${webPort}`,
      `127.0.0.1:${closedPort}`,
      'no-such-host.invalid',
    ];
    const job = await ended(search, search.start({ method: 'host', hosts, credentials: [RIGHT] }));
    const byXaddr = new Map(job.devices.map((each) => [each.xaddr, each]));
    expect(byXaddr.get(camera.xaddr)).toMatchObject({ auth: 'ok', model: 'DS-2CD3T46WDV3-I3', error: null });
    expect(byXaddr.get(`http://127.0.0.1:${webPort}/onvif/device_service`)?.error).toMatch(/no ONVIF answer/);
    expect(byXaddr.get(`http://127.0.0.1:${closedPort}/onvif/device_service`)?.error).toMatch(
      /nothing answers/,
    );
    expect(byXaddr.get('http://no-such-host.invalid/onvif/device_service')?.error).toMatch(
      /cannot be resolved/,
    );
    expect(job.progress).toEqual({ done: 4, total: 4 });
  });

  it('finds by a probe over UDP what listens on no usual port', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const udp = await responder([{ endpointId: `${UUID}21`, xaddrs: camera.xaddr }]);
    const search = jobs();
    const job = await ended(
      search,
      search.start({ method: 'host', hosts: ['127.0.0.1'], credentials: [RIGHT] }),
    );
    expect(ours(job, `${UUID}21`)[0]).toMatchObject({ xaddr: camera.xaddr, auth: 'ok', vendor: 'HIKVISION' });
    expect(udp.probes.length).toBeGreaterThanOrEqual(2);
  });

  it('says of a camera without ONVIF that it speaks RTSP', async () => {
    const answers = ['RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Cheap Cam/1.0\r\n\r\n', 'RTSP/1.0 401 x\r\n\r\n'];
    const rtsp = createTcpServer((socket) => {
      let asked = 0;
      socket.on('data', () => socket.write(answers[asked++] ?? '')).on('error', () => undefined);
    });
    await new Promise<void>((resolve) => rtsp.listen(0, '127.0.0.1', resolve));
    ends.push(() => void rtsp.close());
    const { port } = rtsp.address() as AddressInfo;
    const search = jobs();
    for (const request of [
      { method: 'host', hosts: [`127.0.0.1:${port}`] },
      { method: 'scan', cidr: '127.0.0.1/32', ports: [port] },
    ] as const) {
      const job = await ended(
        search,
        search.start({ ...request, hosts: [`127.0.0.1:${port}`], ports: [port] }),
      );
      expect(job.devices).toMatchObject([
        {
          xaddr: `rtsp://127.0.0.1:${port}/`,
          name: 'Cheap Cam/1.0',
          auth: 'required',
          error: null,
          endpointId: null,
        },
      ]);
    }
  });

  it('tries credentials in order and stops at the first that works', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const search = jobs();
    const request = {
      method: 'host' as const,
      hosts: [camera.xaddr],
      credentials: [WRONG, RIGHT, { username: 'x', password: 'y' }],
    };
    const first = await ended(search, search.start(request));
    expect(first.devices[0]).toMatchObject({ auth: 'ok' });
    expect(camera.refusedSignIns).toBe(1);
    const second = await ended(search, search.start(request));
    expect(second.devices[0]).toMatchObject({ auth: 'ok' });
    expect(camera.refusedSignIns).toBe(1);
  });

  it('tries stored sign-ins after the given ones, and says which one the device accepted', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const search = jobs();
    const hosts = [camera.xaddr];
    const ids = ['crd_wrong', 'crd_right'];
    const byId = await ended(search, search.start({ method: 'host', hosts, credentialSetIds: ids }));
    expect(byId.devices[0]).toMatchObject({
      credentialSetId: 'crd_right',
      credentialIndex: null,
      media: 'media2',
    });
    expect(byId.devices[0]?.previewUrl).toBe(`/api/v1/discovery/${byId.id}/previews/0`);
    expect(search.preview(byId.id, 0)).toMatchObject({
      credentials: RIGHT,
      snapshotUri: `${camera.origin}/onvif-http/snapshot?Profile_2`,
    });
    expect(search.preview(byId.id, 1)).toBeUndefined();
    expect(JSON.stringify(byId)).not.toContain('<proper>');
    const given = { credentials: [WRONG, RIGHT], credentialSetIds: ['crd_right'] };
    const byIndex = await ended(search, search.start({ method: 'host', hosts, ...given }));
    expect(byIndex.devices[0]).toMatchObject({ credentialSetId: null, credentialIndex: 1 });
    expect(codeOf(() => search.start({ method: 'host', hosts, credentialSetIds: ['crd_gone'] }))).toBe(
      'not-found',
    );
  });

  it('makes no more than two wrong tries at a device, over all searches', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const search = jobs();
    const credentials = ['a', 'b', 'c', 'd'].map((password) => ({ username: 'admin', password }));
    for (let round = 0; round < 2; round += 1) {
      const job = await ended(search, search.start({ method: 'host', hosts: [camera.xaddr], credentials }));
      expect(job.devices[0]).toMatchObject({ auth: 'rejected' });
    }
    expect(camera.refusedSignIns).toBe(2);
  });

  it('refuses an address outside the allowed networks before anything is sent', () => {
    const search = jobs({ networks: ['10.0.0.0/8'] });
    const refused = codeOf(() => search.start({ method: 'host', hosts: ['127.0.0.1:80'] }));
    expect(refused).toBe('address-not-allowed');
    expect(codeOf(() => search.start({ method: 'host' }))).toBe('bad-request');
  });
});

describe('scanning a network', () => {
  it('finds the ONVIF devices among the open ports, one entry each, and signs in to nothing else', async () => {
    const cameras = await Promise.all([
      device({ vendor: 'hikvision' }),
      device({ vendor: 'dahua', auth: 'wsse' }),
    ]);
    const router = await device({
      vendor: 'tplink',
      override: (_, response) => {
        response.setHeader('WWW-Authenticate', 'Digest realm="router", nonce="1", qop="auth"');
        response.writeHead(401).end();
        return true;
      },
    });
    const search = jobs();
    const ports = [...cameras, router].map((camera) => camera.port);
    const job = await ended(
      search,
      search.start({ method: 'scan', cidr: '127.0.0.0/30', ports, credentials: [RIGHT] }),
    );
    expect(job.devices.map((each) => each.xaddr).sort()).toEqual(
      cameras.map((camera) => camera.xaddr).sort(),
    );
    expect(job.devices.every((each) => each.auth === 'ok')).toBe(true);
    expect(job.progress).toEqual({ done: 2, total: 2 });
    expect(router.authorizations).toEqual([]);
  });

  it('refuses a network that is not wholly allowed', () => {
    const search = jobs({ networks: ['127.0.0.0/30'] });
    expect(codeOf(() => search.start({ method: 'scan', cidr: '127.0.0.0/24' }))).toBe('address-not-allowed');
    expect(codeOf(() => search.start({ method: 'scan' }))).toBe('bad-request');
  });

  it('ends after the time asked for', async () => {
    const camera = await device({ vendor: 'hikvision', override: () => true });
    const search = jobs();
    const job = await ended(
      search,
      search.start({ method: 'scan', cidr: '127.0.0.1/32', ports: [camera.port], timeoutSec: 0.3 }),
    );
    expect(job).toMatchObject({ state: 'done', devices: [] });
    expect(job.error).toMatch(/ended after 0.3 s/);
  });
});

describe('jobs', () => {
  it('are kept for ten minutes after their end, fifty at most', async () => {
    const clock = new FakeClock();
    const search = jobs({ clock });
    const ids: string[] = [];
    for (let made = 0; made < 50; made += 1) ids.push(search.start({ method: 'multicast', timeoutSec: 300 }));
    expect(codeOf(() => search.start({ method: 'multicast' }))).toBe('too-many-requests');
    search.cancel(ids[7] ?? '');
    const extra = search.start({ method: 'multicast' });
    expect(search.get(ids[7] ?? '')).toBeUndefined();
    search.cancel(extra);
    await clock.advance(599_999);
    expect(search.get(extra)).toBeDefined();
    await clock.advance(1);
    expect(search.get(extra)).toBeUndefined();
  });

  it('end with the gateway, after which none starts', async () => {
    const search = jobs();
    const id = search.start({ method: 'multicast', timeoutSec: 300 });
    const end = ended(search, id);
    await search.stop();
    expect((await end).state).toBe('failed');
    expect(codeOf(() => search.start({ method: 'multicast' }))).toBe('shutting-down');
  });
});

function codeOf(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    if (isGatewayError(error)) return error.code;
    throw error;
  }
  return 'nothing thrown';
}
