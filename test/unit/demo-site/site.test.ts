import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passwordDigest } from '../../../scripts/demo-site/auth/ws-security.ts';
import {
  eventually,
  misbehave,
  spawnSite,
  startSite,
  stateOf,
  stopSite,
  type RunningSite,
  type ToldCamera,
} from './running-site.ts';
import { RtspClient } from './rtsp-client.ts';

const run = promisify(execFile);
let cache = '';
let site: RunningSite;

const withPassword = (uri: string, password = 'gantry-demo'): string =>
  uri.replace('rtsp://', `rtsp://admin:${password}@`);

async function probe(uri: string, transport: string): Promise<string[]> {
  const entries = [
    '-show_entries',
    'stream=codec_name,width,height,avg_frame_rate,sample_rate',
    '-of',
    'csv=p=0',
  ];
  const { stdout } = await run(
    'ffprobe',
    ['-v', 'error', '-rtsp_transport', transport, ...entries, withPassword(uri)],
    { timeout: 25_000 },
  );
  return stdout.trim().split('\n');
}

/** Answers to a probe on the loopback: until `isEnough` says so, or four seconds. */
async function discovered(isEnough: (heard: string[]) => boolean): Promise<string[]> {
  const socket = createSocket('udp4');
  const heard: string[] = [];
  const enough = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 4000);
    socket.on('message', (bytes) => {
      heard.push(bytes.toString('utf8'));
      if (!isEnough(heard)) return;
      clearTimeout(timer);
      resolve();
    });
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  socket.send(
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header><a:MessageID>urn:uuid:q1</a:MessageID></s:Header><s:Body><d:Probe xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>',
    3702,
    '239.255.255.250',
  );
  await enough;
  socket.close();
  return heard;
}

/** Opens a stream over TCP up to PLAY; gives the client, its session, and the PLAY status. */
async function play(
  uri: string,
  password?: string,
): Promise<{ client: RtspClient; session: string; status: number }> {
  const client = await RtspClient.open(uri, password);
  const described = await client.request('DESCRIBE', uri, { Accept: 'application/sdp' });
  if (described.status !== 200) return { client, session: '', status: described.status };
  const set = await client.request('SETUP', `${uri}/trackID=1`, {
    Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1',
  });
  const session = (set.headers.get('session') ?? '').split(';')[0]!;
  if (set.status !== 200) return { client, session, status: set.status };
  return { client, session, status: (await client.request('PLAY', uri, { Session: session })).status };
}

async function soap(
  camera: ToldCamera,
  path: string,
  body: string,
  password?: string,
): Promise<{ status: number; text: string; challenge: string | null }> {
  const nonce = Buffer.from(String(Math.random())).toString('base64');
  const created = new Date().toISOString();
  const security =
    password === undefined
      ? ''
      : `<Security><UsernameToken><Username>admin</Username><Password Type="#PasswordDigest">${passwordDigest(nonce, created, password)}</Password><Nonce>${nonce}</Nonce><Created>${created}</Created></UsernameToken></Security>`;
  const response = await fetch(camera.xaddr.replace('/onvif/device_service', path), {
    method: 'POST',
    headers: { 'content-type': 'application/soap+xml' },
    body: `<Envelope><Header>${security}</Header><Body>${body}</Body></Envelope>`,
  });
  return {
    status: response.status,
    text: await response.text(),
    challenge: response.headers.get('www-authenticate'),
  };
}

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'demo-site-'));
  site = await startSite(cache, 3);
});

afterAll(async () => {
  await stopSite(site);
  await rm(cache, { recursive: true, force: true });
});

describe('a running demo site', () => {
  it('is what ffprobe says over TCP and UDP: H.264, H.265, H.264 with AAC', async () => {
    const [first, second, third] = site.cameras as [ToldCamera, ToldCamera, ToldCamera];
    expect(await probe(first.rtspMain, 'tcp')).toEqual(['h264,640,360,25/1']);
    expect(await probe(first.rtspSub, 'udp')).toEqual(['h264,640,360,15/1']);
    expect(await probe(second.rtspMain, 'udp')).toEqual(['hevc,640,360,25/1']);
    expect(await probe(third.rtspMain, 'tcp')).toEqual(['h264,640,360,25/1', 'aac,16000,0/0']);
  });

  it('is decoded by FFmpeg without a complaint', async () => {
    const uris = site.cameras.flatMap((camera) => [camera.rtspMain, camera.rtspSub]);
    const complaints = await Promise.all(
      uris.map(
        async (uri) =>
          (
            await run('ffmpeg', [
              '-v',
              'error',
              '-rtsp_transport',
              'tcp',
              '-i',
              withPassword(uri),
              '-map',
              '0:v',
              '-t',
              '4',
              '-f',
              'null',
              '-',
            ])
          ).stderr,
      ),
    );
    expect(complaints).toEqual(uris.map(() => ''));
  });

  it('sends pictures at their times: RTP time runs with the clock, and each picture ends with a marker', async () => {
    const { client, status } = await play(site.cameras[0]!.rtspMain);
    expect(status).toBe(200);
    await eventually(async () =>
      client.packets.filter(({ channel, bytes }) => channel === 0 && bytes[1]! >= 128).length > 30
        ? true
        : undefined,
    );
    client.close();
    const times = client.packets
      .filter(({ channel, bytes }) => channel === 0 && bytes[1]! >= 128)
      .map(({ bytes }) => bytes.readUInt32BE(4));
    expect(times.slice(1).map((time, i) => (time - times[i]! + 2 ** 32) % 2 ** 32)).toEqual(
      times.slice(1).map(() => 3600),
    );
    const sequence = client.packets
      .filter(({ channel }) => channel === 0)
      .map(({ bytes }) => bytes.readUInt16BE(2));
    expect(sequence.slice(1).every((n, i) => n === ((sequence[i]! + 1) & 0xffff))).toBe(true);
    expect(client.packets.some(({ channel, bytes }) => channel === 1 && bytes[1] === 200)).toBe(true);
  });

  it('answers discovery on the loopback with one match a camera, and not for one that is off line', async () => {
    // Other sites may run on this machine; ours are known by their ports.
    const ids = (messages: string[]): string[] =>
      site.cameras
        .map(({ xaddr }) => xaddr)
        .filter((xaddr) => messages.some((text) => text.includes(`>${xaddr}<`)));
    expect(ids(await discovered((heard) => ids(heard).length === 3))).toHaveLength(3);
    await misbehave(site, 2, { fault: 'offline' });
    const heard = await discovered(() => false);
    expect(ids(heard)).toHaveLength(2);
    const ours = heard.filter((text) => ids([text]).length > 0);
    expect(ours.every((text) => text.includes('<a:RelatesTo>urn:uuid:q1</a:RelatesTo>'))).toBe(true);
    await expect(fetch(site.cameras[2]!.xaddr)).rejects.toThrow();
    await misbehave(site, 2, { fault: 'none' });
  });

  it('speaks ONVIF to those with the password: digest only, token only, or either', async () => {
    const [either, digestOnly, tokenOnly] = site.cameras as [ToldCamera, ToldCamera, ToldCamera];
    const information = '<GetDeviceInformation/>';
    const device = '/onvif/device_service';
    expect((await soap(either, device, '<GetSystemDateAndTime/>')).status).toBe(200);
    expect((await soap(either, device, information, 'gantry-demo')).text).toContain(
      '<tds:Manufacturer>Qingsha</tds:Manufacturer>',
    );
    expect((await soap(either, device, information, 'wrong')).status).toBe(401);
    expect((await soap(tokenOnly, device, information)).status).toBe(400);
    expect((await soap(tokenOnly, device, information, 'gantry-demo')).status).toBe(200);
    const refused = await soap(digestOnly, device, information, 'gantry-demo');
    expect([refused.status, refused.text.includes('ter:NotAuthorized')]).toEqual([401, true]);
    expect(refused.challenge).toMatch(/algorithm=SHA-256.*algorithm=MD5/);
    expect((await soap(either, device, '<FormatDisk/>', 'gantry-demo')).text).toContain(
      'ter:ActionNotSupported',
    );
  });

  it('tells profiles and addresses that are true, and keeps PTZ moves', async () => {
    const [camera] = site.cameras as [ToldCamera];
    const stream = await soap(
      camera,
      '/onvif/media_service',
      '<GetStreamUri><ProfileToken>profile_sub</ProfileToken></GetStreamUri>',
      'gantry-demo',
    );
    expect(stream.text).toContain(`<tt:Uri>${camera.rtspSub}</tt:Uri>`);
    const profiles = await soap(camera, '/onvif/media2_service', '<GetProfiles/>', 'gantry-demo');
    expect(profiles.text.match(/<tt:Encoding>H264/g)).toHaveLength(2);
    const unknown = await soap(
      camera,
      '/onvif/media_service',
      '<GetStreamUri><ProfileToken>x</ProfileToken></GetStreamUri>',
      'gantry-demo',
    );
    expect([unknown.status, unknown.text.includes('ter:NoProfile')]).toEqual([400, true]);
    await soap(
      camera,
      '/onvif/ptz_service',
      '<ContinuousMove><Velocity><PanTilt x="0.5" y="0"/></Velocity></ContinuousMove>',
      'gantry-demo',
    );
    expect((await stateOf(site, 0)).ptz).toMatchObject({ pan: 0.05, moving: true, moves: 1 });
  });

  it('gives its snapshot to Digest clients', async () => {
    const uri = site.cameras[1]!.xaddr.replace('device_service', 'snapshot');
    const { stdout } = await run('curl', ['-s', '--digest', '-u', 'admin:gantry-demo', uri], {
      encoding: 'buffer',
    });
    expect([stdout[0], stdout[1]]).toEqual([0xff, 0xd8]);
    expect((await fetch(uri)).status).toBe(401);
  });

  it('refuses the eleventh viewer, and frees sessions at TEARDOWN and when connections end', async () => {
    const uri = site.cameras[0]!.rtspSub;
    const viewers = await Promise.all(Array.from({ length: 10 }, () => play(uri)));
    expect(viewers.map(({ status }) => status)).toEqual(viewers.map(() => 200));
    const late = await play(uri);
    expect(late.status).toBe(453);
    const [first, ...others] = viewers;
    expect((await first!.client.request('TEARDOWN', uri, { Session: first!.session })).status).toBe(200);
    expect((await stateOf(site, 0)).counters['sessions']).toBe(9);
    for (const { client } of [...others, late, first!]) client.close();
    await eventually(async () => ((await stateOf(site, 0)).counters['sessions'] === 0 ? true : undefined));
  });
});

describe('a demo site told to misbehave', () => {
  it('drop: ends its RTSP connections and refuses new ones, for as long as told', async () => {
    const uri = site.cameras[0]!.rtspMain;
    const { client } = await play(uri);
    await misbehave(site, 0, { fault: 'drop', seconds: 1 });
    await eventually(async () => (client.closed ? true : undefined));
    await expect(play(uri)).rejects.toThrow();
    await eventually(async () => ((await stateOf(site, 0)).fault === 'none' ? true : undefined));
    const back = await play(uri);
    expect(back.status).toBe(200);
    back.client.close();
  });

  it('wrongPassword: the old password is refused everywhere, and counted', async () => {
    await misbehave(site, 0, { fault: 'wrongPassword' });
    const before = (await stateOf(site, 0)).counters['rtspAuthFailures']!;
    const refused = await play(site.cameras[0]!.rtspMain);
    expect(refused.status).toBe(401);
    refused.client.close();
    expect(
      (await soap(site.cameras[0]!, '/onvif/device_service', '<GetScopes/>', 'gantry-demo')).status,
    ).toBe(401);
    expect((await stateOf(site, 0)).counters['rtspAuthFailures']).toBe(before + 1);
    await misbehave(site, 0, { fault: 'none' });
  });

  it('wrongClock: its clock is off, and tokens are judged by it', async () => {
    await misbehave(site, 2, { fault: 'wrongClock', offsetSec: -7200 });
    expect(Math.abs((await stateOf(site, 2)).clockMs - (Date.now() - 7_200_000))).toBeLessThan(5000);
    expect(
      (await soap(site.cameras[2]!, '/onvif/device_service', '<GetScopes/>', 'gantry-demo')).status,
    ).toBe(400);
    await misbehave(site, 2, { fault: 'none' });
  });

  it('silent: PLAY succeeds and nothing comes', async () => {
    await misbehave(site, 0, { fault: 'silent' });
    const { client, status } = await play(site.cameras[0]!.rtspMain);
    expect(status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(client.packets).toEqual([]);
    await misbehave(site, 0, { fault: 'none' });
    await eventually(async () => (client.packets.length > 0 ? true : undefined));
    client.close();
  });

  it('slow: each reply comes late', async () => {
    await misbehave(site, 1, { fault: 'slow', ms: 300 });
    const startMs = Date.now();
    await soap(site.cameras[1]!, '/onvif/device_service', '<GetSystemDateAndTime/>');
    expect(Date.now() - startMs).toBeGreaterThanOrEqual(295);
    await misbehave(site, 1, { fault: 'none' });
  });
});

describe('the demo site as a program', () => {
  it('starts from its cache within four seconds on a busy machine and ends when its parent closes stdin', async () => {
    const startMs = Date.now();
    const second = await startSite(cache, 3, ['--exit-with-parent', '--no-discovery']);
    expect(Date.now() - startMs).toBeLessThan(4000);
    const gone = once(second.child, 'exit');
    second.child.stdin!.end();
    expect((await gone)[0]).toBe(0);
  });

  it('names a port that is taken and the way out, and exits with 3', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const child = spawnSite([
      '--fast',
      '--cameras',
      '1',
      '--cache',
      cache,
      '--base-port',
      String(port),
      '--no-discovery',
    ]);
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const [code] = (await once(child, 'close')) as [number];
    holder.close();
    expect(code).toBe(3);
    expect(said).toContain(`port ${port}`);
    expect(said).toContain('--base-port');
  });
});
