import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock as clock } from '../../gateway/base/clock.ts';
import { silentLogger as logger } from '../../gateway/base/logger.ts';
import { NetworkGuard } from '../../gateway/base/network-guard.ts';
import type { DiscoveredDevice, DiscoveryJob, DiscoveryRequest } from '../../gateway/contract/discovery.ts';
import { DiscoveryJobs } from '../../gateway/discovery/discovery-jobs.ts';
import { OnvifClient } from '../../gateway/discovery/onvif/onvif-client.ts';
import { OnvifControl } from '../../gateway/discovery/onvif/onvif-control.ts';
import { findFfmpeg } from '../../gateway/ffmpeg/find-ffmpeg.ts';
import { KeyFrameDecoder } from '../../gateway/ffmpeg/key-frame-decoder.ts';
import { DevicePreviews } from '../../gateway/snapshots/device-previews.ts';
import { misbehave, startSite, stateOf, stopSite } from '../unit/demo-site/running-site.ts';
import type { RunningSite, ToldCamera } from '../unit/demo-site/running-site.ts';

/** Cameras as they come out of the box, one of each kind. */
const VARIANTS = [
  'ahead+wsse+wrong-xaddr',
  'behind+together+media1',
  'digest',
  'tls+media2+ptz',
  ...(process.env['GANTRY_SOAK'] ? ['tls+together+ahead+wrong-xaddr', 'wsse', 'media2', 'either'] : []),
];
const RIGHT = { username: 'admin', password: 'gantry-demo' };
const WRONG = { username: 'admin', password: 'not-it' };
const guard = new NetworkGuard(['127.0.0.0/8']);
const client = new OnvifClient({ clock, guard, logger });
const control = new OnvifControl({ clock, access: client.access });
const jobs = new DiscoveryJobs({
  clock,
  logger,
  client,
  guard,
  interfaces: ['lo'],
  timeoutSec: 3,
  registered: { findRegistered: () => Promise.resolve(null) },
  credentialSets: { lookup: (ids) => ids.map((id) => ({ id, ...RIGHT })) },
});
const decoder = new KeyFrameDecoder({ clock, program: () => findFfmpeg(undefined), maxConcurrent: 2 });
const previews = new DevicePreviews({ clock, logger, guard, searches: jobs, onvif: client, decoder });
let site: RunningSite;

beforeAll(async () => {
  const cache = join(import.meta.dirname, '../../.cache/demo-site-fast');
  site = await startSite(cache, VARIANTS.length, ['--variants', VARIANTS.join(',')]);
}, 180_000);

afterAll(async () => {
  previews.stop();
  decoder.stop();
  await Promise.all([control.stop(), jobs.stop(), stopSite(site)]);
});

function search(request: DiscoveryRequest): Promise<DiscoveryJob> {
  return new Promise((resolve) => {
    const end = jobs.onUpdate((job) => {
      if (job.id !== id || job.state === 'running') return;
      end();
      resolve(job);
    });
    const id = jobs.start(request);
  });
}

function told(index: number): ToldCamera {
  const camera = site.cameras[index];
  if (!camera) throw new Error(`there is no camera ${index}`);
  return camera;
}

async function logOf(index: number): Promise<{ accepted: number; refused: number }> {
  return (await fetch(`${site.controlUrl}/cameras/${index}/auth-log`)).json() as never;
}

it('reads cameras of every kind by multicast, with a wrong password costing none more than one try', async () => {
  const wrong = await search({ method: 'multicast', credentials: [WRONG] });
  expect(wrong.devices.map(({ auth }) => auth)).toEqual(VARIANTS.map(() => 'rejected'));
  const refusals = await Promise.all(VARIANTS.map(async (_, index) => (await logOf(index)).refused));
  expect(refusals).toEqual(VARIANTS.map(() => 1));
  const job = await search({ method: 'multicast', credentials: [WRONG], credentialSetIds: ['crd_site'] });
  const devices = new Map(job.devices.map((device) => [device.endpointId, device]));
  const found = VARIANTS.map((_, index) => devices.get(told(index).endpointId));
  expect(found.map((device) => device?.error)).toEqual(VARIANTS.map(() => null));
  for (const [index, device] of found.entries()) checkDevice(index, device);
  const after = await Promise.all(VARIANTS.map(async (_, index) => (await logOf(index)).refused));
  expect(after).toEqual(VARIANTS.map(() => 1));
});

function checkDevice(index: number, device: DiscoveredDevice | undefined): void {
  const variant = VARIANTS[index] ?? '';
  expect(device, variant).toMatchObject({
    auth: 'ok',
    xaddr: told(index).xaddr,
    credentialSetId: 'crd_site',
    media: variant.includes('media1') ? 'media1' : 'media2',
    certificateSha256: variant.includes('tls') ? expect.stringMatching(/^[0-9a-f]{64}$/) : null,
  });
  const hours = variant.includes('ahead') ? 8 : variant.includes('behind') ? -8 : 0;
  expect(Math.abs((device?.clockDriftSec ?? 1e6) - hours * 3600), variant).toBeLessThan(3);
  expect(device?.profiles.map(({ token }) => token)).toEqual(['profile_main', 'profile_sub']);
}

it('shows what each of them sees: by its own picture, or by a key frame', async () => {
  const hosts = VARIANTS.map((_, index) => told(index).xaddr);
  const job = await search({ method: 'host', hosts, credentials: [RIGHT] });
  const sizes = await Promise.all(
    job.devices.map(async ({ previewUrl }) => {
      const jpeg = await previews.preview(job.id, Number(previewUrl?.split('/').at(-1)));
      const { width, format } = jpeg ? await sharp(jpeg).metadata() : { width: 0, format: 'none' };
      return `${format} ${width}`;
    }),
  );
  expect(sizes).toEqual(VARIANTS.map(() => expect.stringMatching(/^jpeg (?:480|[34]\d\d)$/)));
  const onlyStream = new DevicePreviews({
    clock,
    logger,
    guard,
    searches: { preview: (id, number) => withoutPicture(jobs.preview(id, number)) },
    onvif: client,
    decoder,
  });
  const jpeg = await onlyStream.preview(job.id, 0);
  expect(jpeg && (await sharp(jpeg).metadata()).format).toBe('jpeg');
  expect(await onlyStream.preview(job.id, 99)).toBeNull();
  onlyStream.stop();
});

function withoutPicture<Source extends object>(source: Source | undefined): Source | undefined {
  return source && { ...source, snapshotUri: null };
}

it('sets the clocks that are off, zone left alone, and can sign in as before', async () => {
  for (const [index, variant] of VARIANTS.entries()) {
    if (!/ahead|behind/.test(variant)) continue;
    const device = { xaddr: told(index).xaddr, credentials: RIGHT };
    const set = await control.setClock(device);
    expect(set, variant).toMatchObject({ ok: true, ntpEnded: false });
    expect(Math.abs(set.ok ? (set.clockDriftSec ?? 99) : 99), variant).toBeLessThan(3);
    expect(await client.read(device.xaddr, RIGHT), variant).toMatchObject({ ok: true });
  }
});

it('turns a camera over TLS and Media2, and leaves it standing still', async () => {
  const index = VARIANTS.indexOf('tls+media2+ptz');
  const device = { xaddr: told(index).xaddr, credentials: RIGHT };
  const capable = await control.ptzCapabilities(device);
  expect(capable.ok && capable.presets.map(({ name }) => name)).toEqual(['全景', '塔吊吊钩', '作业面']);
  expect(await control.nudge(device, { pan: 1, tilt: 0, zoom: 0, ms: 50 })).toEqual({ ok: true });
  const ptz = (await stateOf(site, index)).ptz;
  expect(ptz).toMatchObject({ moving: false, moves: 1, pan: 0.1 });
  expect(await control.gotoPreset(device, 'preset_3')).toEqual({ ok: true });
  expect((await stateOf(site, index)).ptz).toMatchObject({ presetToken: 'preset_3' });
});

it('notices another certificate than the one it knew, and sends that device nothing', async () => {
  const index = VARIANTS.indexOf('tls+media2+ptz');
  const { xaddr } = told(index);
  const known = await client.read(xaddr, RIGHT);
  const certificateSha256 = known.ok ? known.reading.certificateSha256 : null;
  await misbehave(site, index, { fault: 'otherCertificate' });
  const before = await logOf(index);
  const changed = await client.read(xaddr, RIGHT, { certificateSha256 });
  expect(changed).toMatchObject({ ok: false, failure: 'certificate-changed' });
  expect(!changed.ok && changed.certificateSha256).not.toBe(certificateSha256);
  expect(await logOf(index)).toEqual(before);
});
