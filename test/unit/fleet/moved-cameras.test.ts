import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import type { Database } from '../../../gateway/base/database.ts';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import type { Credentials } from '../../../gateway/contract/discovery.ts';
import type { OnvifReading, OnvifResult } from '../../../gateway/discovery/onvif-reading.ts';
import { CameraDevices } from '../../../gateway/fleet/camera-devices.ts';
import { CameraStore } from '../../../gateway/fleet/camera-store.ts';
import { Cameras } from '../../../gateway/fleet/cameras.ts';
import { fleetMigrations } from '../../../gateway/fleet/fleet-migrations.ts';
import { MovedCameras } from '../../../gateway/fleet/moved-cameras.ts';
import { ProjectStore } from '../../../gateway/fleet/project-store.ts';
import { Projects } from '../../../gateway/fleet/projects.ts';
import { SecretBox } from '../../../gateway/fleet/secret-box.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const HERE = 'http://192.168.10.64/onvif/device_service';
const THERE = 'http://192.168.10.99/onvif/device_service';

function readingAt(xaddr: string): OnvifReading {
  const { hostname } = new URL(xaddr);
  const profile = {
    token: 'p0',
    name: 'main',
    codec: 'h264',
    width: 1920,
    height: 1080,
    fps: 25,
    bitrateKbps: 4000,
    gopSec: 2,
    rtspUri: `rtsp://${hostname}:554/1`,
    snapshotUri: null,
    media2: false,
  };
  return {
    xaddr,
    endpointId: 'urn:uuid:1',
    vendor: 'Hikvision',
    model: 'DS-1',
    firmware: '1',
    serial: 'S1',
    mac: '02:00:00:00:00:01',
    name: null,
    clockDriftSec: 0,
    hasPtz: false,
    media: 'media1',
    certificateSha256: null,
    profiles: [profile],
  };
}

/** A network of devices by their service addresses. */
class Network {
  readonly devices = new Map<string, OnvifReading>();
  readonly asked: [xaddr: string, credentials: Credentials | null, pin: string | null][] = [];

  read(
    xaddr: string,
    credentials: Credentials | null,
    options?: { certificateSha256?: string | null },
  ): Promise<OnvifResult> {
    const pin = options?.certificateSha256 ?? null;
    this.asked.push([xaddr, credentials, pin]);
    const reading = this.devices.get(xaddr);
    const failed = { ok: false, message: 'no', clockDriftSec: null } as const;
    if (!reading) return Promise.resolve({ ...failed, failure: 'unreachable' });
    if (pin !== null && pin !== reading.certificateSha256)
      return Promise.resolve({ ...failed, failure: 'certificate-changed' });
    return Promise.resolve({ ok: true, reading });
  }
}

const news = new Emitter<{ kind: 'hello' | 'bye' | 'match'; endpointId: string | null; xaddr: string }>(
  (error) => {
    throw error;
  },
);
let clock: FakeClock;
let database: Database;
let network: Network;
let cameras: Cameras;
let moved: MovedCameras;
let cameraId: string;
let isDown: boolean;
let searches: number;
let moves: string[];

beforeEach(async () => {
  clock = new FakeClock();
  database = openDatabase('sqlite::memory:');
  await migrate(database, fleetMigrations);
  network = new Network();
  network.devices.set(HERE, readingAt(HERE));
  const projects = new Projects({
    clock,
    store: new ProjectStore(database),
    logger: silentLogger,
    hasCameras: () => false,
  });
  const { id: projectId } = await projects.create({
    name: 'a',
    externalId: null,
    district: '',
    unit: '',
    leader: '',
    lat: null,
    lon: null,
    stage: '',
    milestones: [],
  });
  cameras = new Cameras({
    clock,
    logger: silentLogger,
    store: new CameraStore(database),
    reader: network,
    secretBox: new SecretBox(randomBytes(32)),
    projectExists: () => true,
    credentialSets: { credentialsOf: () => ({ username: '', password: '' }) },
  });
  const onvif = { xaddr: HERE, username: 'admin', password: 'own-password' };
  cameraId = (await cameras.create({ name: 'gate', projectId, position: '', onvif })).id;
  isDown = false;
  searches = 0;
  moves = [];
  moved = new MovedCameras({
    clock,
    logger: silentLogger,
    cameras,
    devices: new CameraDevices({ clock, cameras }),
    reader: network,
    announcements: { onAnnouncement: (listener) => news.subscribe(listener) },
    isDown: () => isDown,
    search: () => (searches += 1),
  });
  moved.onMoved(({ camera, from }) => moves.push(`${from} → ${camera.onvif?.xaddr}`));
  moved.start();
  network.asked.length = 0;
});
afterEach(async () => {
  await moved.stop();
  await database.destroy();
});

async function hear(xaddr: string, kind: 'hello' | 'bye' | 'match' = 'hello'): Promise<void> {
  news.emit({ kind, endpointId: 'urn:uuid:1', xaddr });
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

function leaves(to?: string): void {
  network.devices.delete(HERE);
  if (to !== undefined) network.devices.set(to, readingAt(to));
}

describe('a camera at a new address', () => {
  it('is followed when its endpoint id is heard from there and it has proven itself', async () => {
    leaves(THERE);
    await hear(THERE);
    expect(moves).toEqual([`${HERE} → ${THERE}`]);
    expect(cameras.get(cameraId)).toMatchObject({
      onvif: { xaddr: THERE, hasPassword: true, moved: { from: HERE }, mainProfile: 'p0' },
      rtsp: { main: 'rtsp://192.168.10.99:554/1', hasPassword: true, username: 'admin' },
    });
    expect(await cameras.streamSource(cameraId, 'main')).toMatchObject({ password: 'own-password' });
    expect(network.asked.at(-1)?.[1]).toEqual({ username: 'admin', password: 'own-password' });
  });

  it('is left where it is while it answers there', async () => {
    network.devices.set(THERE, readingAt(THERE));
    await hear(THERE);
    expect(moves).toEqual([]);
    expect(network.asked.map(([xaddr]) => xaddr)).toEqual([HERE]);
  });

  it('is followed when another device has taken its old address', async () => {
    leaves(THERE);
    network.devices.set(HERE, { ...readingAt(HERE), endpointId: 'urn:uuid:2', serial: 'S2', mac: null });
    await hear(THERE, 'match');
    expect(moves).toHaveLength(1);
  });

  it.each([
    ['another endpoint id', { endpointId: 'urn:uuid:9' }],
    ['another serial', { serial: 'S9' }],
    ['another MAC and no endpoint id', { endpointId: null, mac: '02:00:00:00:00:09' }],
  ])('is not taken for a device with %s', async (_what, differs) => {
    leaves();
    network.devices.set(THERE, { ...readingAt(THERE), ...differs });
    await hear(THERE);
    expect(moves).toEqual([]);
    expect(cameras.get(cameraId)?.onvif?.xaddr).toBe(HERE);
  });

  it('is not taken for a device with another certificate than the accepted one', async () => {
    await cameras.revise(cameraId, (before) => ({
      ...before,
      onvif: before.onvif && { ...before.onvif, certificate: { sha256: 'aa', changedTo: null } },
    }));
    leaves();
    network.devices.set(THERE, { ...readingAt(THERE), certificateSha256: 'bb' });
    await hear(THERE);
    expect(moves).toEqual([]);
    network.devices.set(THERE, { ...readingAt(THERE), certificateSha256: 'aa' });
    await clock.advance(300_000);
    await hear(THERE);
    expect(moves).toHaveLength(1);
    expect(cameras.get(cameraId)?.onvif?.certificate).toEqual({ sha256: 'aa', changedTo: null });
  });

  it('is asked again after five minutes when it did not answer, not sooner', async () => {
    leaves();
    await hear(THERE);
    network.devices.set(THERE, readingAt(THERE));
    const before = network.asked.length;
    await hear(THERE);
    await clock.advance(290_000);
    expect(network.asked).toHaveLength(before);
    await clock.advance(20_000);
    await hear(THERE);
    expect(moves).toHaveLength(1);
  });

  it('is nobody’s business when it leaves or was never registered', async () => {
    leaves(THERE);
    await hear(THERE, 'bye');
    news.emit({ kind: 'hello', endpointId: 'urn:uuid:77', xaddr: THERE });
    news.emit({ kind: 'hello', endpointId: null, xaddr: THERE });
    expect(network.asked).toEqual([]);
  });
});

describe('a lost camera', () => {
  it('is searched for after a minute, then each five minutes, until its picture comes', async () => {
    isDown = true;
    await clock.advance(60_000);
    expect(searches).toBe(0);
    await clock.advance(20_000);
    expect(searches).toBe(1);
    await clock.advance(280_000);
    expect(searches).toBe(1);
    await clock.advance(30_000);
    expect(searches).toBe(2);
    isDown = false;
    await clock.advance(900_000);
    expect(searches).toBe(2);
  });
});
