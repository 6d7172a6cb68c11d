import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import type { Database } from '../../../gateway/base/database.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import type { Credentials } from '../../../gateway/contract/discovery.ts';
import type { OnvifProfile, OnvifReading, OnvifResult } from '../../../gateway/discovery/onvif-reading.ts';
import { CameraStore } from '../../../gateway/fleet/camera-store.ts';
import { Cameras } from '../../../gateway/fleet/cameras.ts';
import { CredentialSetStore } from '../../../gateway/fleet/credential-set-store.ts';
import { CredentialSets } from '../../../gateway/fleet/credential-sets.ts';
import { fleetMigrations } from '../../../gateway/fleet/fleet-migrations.ts';
import { ProjectStore } from '../../../gateway/fleet/project-store.ts';
import { Projects } from '../../../gateway/fleet/projects.ts';
import { SecretBox } from '../../../gateway/fleet/secret-box.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function profile(token: string, codec: string, width: number, height: number): OnvifProfile {
  return {
    token,
    name: token,
    codec,
    width,
    height,
    fps: 25,
    bitrateKbps: 2000,
    gopSec: 2,
    rtspUri: `rtsp://192.168.10.64:554/${token}`,
    snapshotUri: null,
    media2: false,
  };
}

const reading: OnvifReading = {
  xaddr: 'http://192.168.10.64/onvif/device_service',
  endpointId: 'urn:uuid:1',
  vendor: 'Qingsha',
  model: 'QS-4200',
  firmware: '1.0',
  serial: 'S1',
  mac: '02:00:00:00:00:01',
  name: null,
  clockDriftSec: 0,
  hasPtz: false,
  media: 'media1',
  certificateSha256: null,
  profiles: [
    profile('sub', 'h264', 640, 360),
    profile('main', 'h265', 2560, 1440),
    profile('third', 'h264', 352, 288),
  ],
};

class OneDevice {
  asked: (Credentials | null)[] = [];
  result: OnvifResult = { ok: true, reading };

  read(_xaddr: string, credentials: Credentials | null): Promise<OnvifResult> {
    this.asked.push(credentials);
    return Promise.resolve(this.result);
  }
}

const key = randomBytes(32);
let clock: FakeClock;
let database: Database;
let device: OneDevice;
let projects: Projects;
let cameras: Cameras;
let projectId: string;

function openCameras(box = new SecretBox(key)): Cameras {
  return new Cameras({
    clock,
    logger: silentLogger,
    store: new CameraStore(database),
    reader: device,
    secretBox: box,
    projectExists: (id) => projects.get(id) !== undefined,
    credentialSets: new CredentialSets({ clock, store: new CredentialSetStore(database), secretBox: box }),
  });
}

beforeEach(async () => {
  clock = new FakeClock();
  database = openDatabase('sqlite::memory:');
  await migrate(database, fleetMigrations);
  device = new OneDevice();
  projects = new Projects({
    clock: new FakeClock(),
    store: new ProjectStore(database),
    logger: silentLogger,
    hasCameras: (id) => cameras.all().some((camera) => camera.projectId === id),
  });
  cameras = openCameras();
  projectId = (
    await projects.create({
      name: '医院东院区',
      externalId: 'K-1',
      district: '滨江区',
      unit: '',
      leader: '',
      lat: null,
      lon: null,
      stage: '',
      milestones: [],
    })
  ).id;
});

const onvif = { xaddr: reading.xaddr, username: 'admin', password: 'pass&<word>' };
const byHand = { name: 'gate', position: '' };

describe('registering an ONVIF camera', () => {
  it('takes the largest profile as main and the best small one as sub', async () => {
    const camera = await cameras.create({ name: '塔吊', projectId, position: '东南角', onvif });
    expect(device.asked).toEqual([{ username: 'admin', password: 'pass&<word>' }]);
    expect(camera.rtsp).toEqual({
      main: 'rtsp://192.168.10.64:554/main',
      sub: 'rtsp://192.168.10.64:554/sub',
      username: 'admin',
      hasPassword: true,
    });
    expect(camera.main).toMatchObject({ codec: 'h265', width: 2560, fps: 25 });
    expect(camera.onvif).toMatchObject({ mainProfile: 'main', subProfile: 'sub', endpointId: 'urn:uuid:1' });
  });

  it('takes the profiles asked for, and names those there are when one is not', async () => {
    const camera = await cameras.create({
      ...byHand,
      projectId,
      onvif: { ...onvif, mainProfile: 'sub', subProfile: 'third' },
    });
    expect(camera.rtsp).toMatchObject({
      main: 'rtsp://192.168.10.64:554/sub',
      sub: 'rtsp://192.168.10.64:554/third',
    });
    await expect(
      cameras.create({ ...byHand, projectId, onvif: { ...onvif, mainProfile: 'x' } }),
    ).rejects.toThrow(/sub, main, third/);
  });

  it('refuses a device that is registered already, naming the camera', async () => {
    await cameras.create({ ...byHand, projectId, onvif });
    await expect(cameras.create({ ...byHand, name: 'again', projectId, onvif })).rejects.toMatchObject({
      code: 'conflict',
      message: /gate/,
    });
  });

  it.each([
    ['unreachable', 'camera-offline'],
    ['auth-failed', 'camera-auth-failed'],
    ['not-onvif', 'camera-protocol-error'],
  ] as const)('stores nothing when the device is %s', async (failure, code) => {
    device.result = { ok: false, failure, message: 'plain words', clockDriftSec: null };
    await expect(cameras.create({ ...byHand, projectId, onvif })).rejects.toMatchObject({
      code,
      message: 'plain words',
    });
    expect(cameras.all()).toEqual([]);
  });
});

describe('registering by hand', () => {
  it('takes user and password out of the address', async () => {
    const camera = await cameras.create({
      ...byHand,
      projectId,
      rtsp: { main: 'rtsp://ad%40min:p%23%@10.0.0.5/live?ch=1' },
    });
    expect(camera.rtsp).toEqual({
      main: 'rtsp://10.0.0.5/live?ch=1',
      sub: null,
      username: 'ad@min',
      hasPassword: true,
    });
    const source = await cameras.streamSource(camera.id, 'main');
    expect(source).toMatchObject({ url: 'rtsp://10.0.0.5/live?ch=1', username: 'ad@min', password: 'p#%' });
    expect(device.asked).toEqual([]);
  });

  it('refuses an unknown project', async () => {
    await expect(
      cameras.create({ ...byHand, projectId: 'prj_x', rtsp: { main: 'rtsp://10.0.0.5/' } }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('secrets at rest', () => {
  it('are not in the database in clear, and come back after a restart with the same key', async () => {
    const camera = await cameras.create({ ...byHand, projectId, onvif });
    const rows = await sql`select * from cameras`.execute(database);
    expect(JSON.stringify(rows.rows)).not.toContain('pass&');
    const again = openCameras();
    await again.start();
    expect(await again.streamSource(camera.id, 'sub')).toMatchObject({ password: 'pass&<word>' });
    expect(again.onvifAccess(camera.id)).toMatchObject({ password: 'pass&<word>' });
    expect(JSON.stringify(again.all())).not.toContain('pass&');
  });

  it('say how to mend it when the key is another', async () => {
    const camera = await cameras.create({ ...byHand, projectId, onvif });
    const other = openCameras(new SecretBox(randomBytes(32)));
    await other.start();
    expect(() => other.onvifAccess(camera.id)).toThrow(/enter it again/);
  });
});

describe('changing a camera', () => {
  it('keeps the password that is left out and changes the revision only when address or credentials change', async () => {
    const { id } = await cameras.create({
      ...byHand,
      projectId,
      rtsp: { main: 'rtsp://10.0.0.5/1', username: 'u', password: 'p' },
    });
    const before = await cameras.streamSource(id, 'main');
    await cameras.patch(id, { name: 'north gate' });
    expect(await cameras.streamSource(id, 'main')).toEqual(before);
    await cameras.patch(id, { rtsp: { password: 'q' } });
    const after = await cameras.streamSource(id, 'main');
    expect(after).toMatchObject({ username: 'u', password: 'q' });
    expect(after?.revision).not.toBe(before?.revision);
  });

  it('does not send a stored password to another host', async () => {
    const { id } = await cameras.create({
      ...byHand,
      projectId,
      rtsp: { main: 'rtsp://10.0.0.5/1', username: 'u', password: 'p' },
    });
    await expect(cameras.patch(id, { rtsp: { main: 'rtsp://10.0.0.66/1' } })).rejects.toThrow(
      /enter the password again/,
    );
    await cameras.patch(id, { rtsp: { main: 'rtsp://10.0.0.66/1', password: 'p2' } });
    expect(await cameras.streamSource(id, 'main')).toMatchObject({
      url: 'rtsp://10.0.0.66/1',
      password: 'p2',
    });
  });

  it('gives no source for a disabled camera, a missing sub stream or an unknown camera', async () => {
    const { id } = await cameras.create({ ...byHand, projectId, rtsp: { main: 'rtsp://10.0.0.5/1' } });
    expect(await cameras.streamSource(id, 'sub')).toBeUndefined();
    await cameras.patch(id, { enabled: false });
    expect(await cameras.streamSource(id, 'main')).toBeUndefined();
    expect(await cameras.streamSource('cam_x', 'main')).toBeUndefined();
  });

  it('tells its listeners what changed', async () => {
    const heard: string[] = [];
    cameras.onChange(({ kind, camera }) => heard.push(`${kind} ${camera.name}`));
    const { id } = await cameras.create({ ...byHand, projectId, rtsp: { main: 'rtsp://10.0.0.5/1' } });
    await cameras.patch(id, { name: 'renamed' });
    await cameras.remove(id);
    expect(heard).toEqual(['added gate', 'changed renamed', 'removed renamed']);
    await expect(cameras.remove(id)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('recognising a found device', () => {
  const found = {
    endpointId: 'urn:uuid:1',
    mac: null,
    serial: null,
    xaddr: 'http://192.168.10.99/onvif/device_service',
  };

  it('goes by endpoint id, then MAC, then serial, then address', async () => {
    const { id } = await cameras.create({ ...byHand, projectId, onvif });
    expect(await cameras.findRegistered(found)).toBe(id);
    expect(await cameras.findRegistered({ ...found, endpointId: 'urn:uuid:2', mac: reading.mac })).toBeNull();
    expect(await cameras.findRegistered({ ...found, endpointId: null, mac: '02:00:00:00:00:01' })).toBe(id);
    expect(await cameras.findRegistered({ ...found, endpointId: null, serial: 'S1' })).toBe(id);
    expect(await cameras.findRegistered({ ...found, endpointId: null })).toBeNull();
    expect(await cameras.findRegistered({ ...found, endpointId: null, xaddr: reading.xaddr })).toBe(id);
  });
});

describe('lists', () => {
  it('are paged by a cursor that survives deletions, within the projects asked for', async () => {
    const other = await projects.create({
      name: 'b',
      externalId: null,
      district: '',
      unit: '',
      leader: '',
      lat: null,
      lon: null,
      stage: '',
      milestones: [],
    });
    for (let n = 0; n < 5; n += 1) {
      // The last two are of one instant: their ids order them.
      if (n < 4) await clock.advance(1);
      await cameras.create({
        name: `c${n}`,
        position: '',
        projectId: n === 4 ? other.id : projectId,
        rtsp: { main: `rtsp://10.0.0.5/${n}` },
      });
    }
    const first = await cameras.list({ projectIds: null, limit: 2 });
    const [one, two] = first.items;
    await cameras.remove(two?.id ?? '');
    const second = await cameras.list({ projectIds: null, limit: 2, cursor: first.nextCursor ?? '' });
    const rest = await cameras.list({ projectIds: null, limit: 9, cursor: second.nextCursor ?? '' });
    const names = [one, ...second.items, ...rest.items].map((camera) => camera?.name);
    expect(new Set(names).size).toBe(4);
    expect(rest.nextCursor).toBeNull();
    expect((await cameras.list({ projectIds: [other.id], limit: 9 })).items.map(({ name }) => name)).toEqual([
      'c4',
    ]);
    expect((await cameras.list({ projectIds: [], limit: 9 })).items).toEqual([]);
    await expect(cameras.list({ projectIds: null, limit: 2, cursor: 'x' })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

describe('projects', () => {
  it('come from the tracker, are updated by it, archived and brought back', async () => {
    const body = {
      name: '三桥',
      district: '龙洲新区',
      unit: '',
      leader: '',
      lat: 28.6,
      lon: 115.9,
      stage: '主塔',
      milestones: [{ id: 'm1', name: '封顶', unit: '', owner: '', dueOn: '2026-12-05', doneOn: null }],
    };
    expect(await projects.upsertFromTracker('K-2', body)).toBe(true);
    expect(await projects.upsertFromTracker('K-2', { ...body, name: '赣江三桥' })).toBe(true);
    const known = projects.all().filter((project) => project.externalId === 'K-2');
    expect(known).toMatchObject([{ name: '赣江三桥', milestones: [{ id: 'm1', dueOn: '2026-12-05' }] }]);
    expect(await projects.archiveFromTracker('K-2')).toBe(true);
    expect(await projects.archiveFromTracker('K-2')).toBe(false);
    expect(await projects.archiveFromTracker('K-unknown')).toBe(false);
    expect(projects.get(known[0]?.id ?? '')?.archivedAtMs).not.toBeNull();
    await projects.upsertFromTracker('K-2', body);
    expect(projects.get(known[0]?.id ?? '')?.archivedAtMs).toBeNull();
  });

  it('that the tracker tells again unchanged are neither stored nor told', async () => {
    const step = { name: '封顶', unit: '', owner: '', dueOn: '2026-12-05', doneOn: null };
    const body = { name: '三桥', district: '', unit: '', leader: '', lat: null, lon: null, stage: '' };
    await projects.upsertFromTracker('K-2', { ...body, milestones: [step] });
    const known = projects.all().find((project) => project.externalId === 'K-2');
    const changes: unknown[] = [];
    projects.onChange((change) => changes.push(change));
    expect(await projects.upsertFromTracker('K-2', { ...body, milestones: [step] })).toBe(false);
    expect(changes).toEqual([]);
    // A step without an id keeps the one that pictures are tied to.
    const later = { ...step, dueOn: '2026-12-20' };
    const other = { ...step, name: '砌体' };
    expect(await projects.upsertFromTracker('K-2', { ...body, milestones: [other, later] })).toBe(true);
    const steps = projects.get(known?.id ?? '')?.milestones;
    expect(steps?.[1]).toMatchObject({ id: known?.milestones[0]?.id, dueOn: '2026-12-20' });
    expect(steps?.[0]?.id).not.toBe(steps?.[1]?.id);
  });

  it('keep their rows over a restart', async () => {
    const again = new Projects({
      clock: new FakeClock(),
      store: new ProjectStore(database),
      logger: silentLogger,
      hasCameras: () => false,
    });
    await again.start();
    expect(again.all()).toEqual(projects.all());
  });

  it('are not deleted while cameras belong to them, nor may two bear one external id', async () => {
    await cameras.create({ ...byHand, projectId, rtsp: { main: 'rtsp://10.0.0.5/1' } });
    await expect(projects.remove(projectId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      projects.create({
        name: 'x',
        externalId: 'K-1',
        district: '',
        unit: '',
        leader: '',
        lat: null,
        lon: null,
        stage: '',
        milestones: [],
      }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });
});
