import { parse, setOptions } from 'hls-parser';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Rendition } from '../../../gateway/contract/live.ts';
import type { LiveViewer } from '../../../gateway/packaging/ws/ws-output.ts';
import { copySample, encodeMedia } from '../../support/encoded-media.ts';
import type { EncodedMedia } from '../../support/encoded-media.ts';
import { decodeBytes } from '../../support/judge-mp4.ts';
import {
  bytesOf,
  CAMERA,
  framesIn,
  makeSite as makeLiveSite,
  play,
  Player,
  watch,
} from '../../support/live-site.ts';
import type { LiveSite } from '../../support/live-site.ts';

// hls-parser judges: it throws on whatever breaks a rule that it knows.
setOptions({ strictMode: true });

const failure = {
  code: 'unreachable' as const,
  message: 'the camera at 192.0.2.7 does not answer; check its power and cable',
  sinceMs: 0,
  retryAtMs: null,
};

let plain: EncodedMedia;
let withSound: EncodedMedia;
let small: EncodedMedia;
let reordered: EncodedMedia;
let hevc: EncodedMedia;

beforeAll(async () => {
  const base = { codec: 'h264' as const, width: 320, height: 180, fps: 25, seconds: 8, gopFrames: 50 };
  plain = await encodeMedia(base);
  withSound = await encodeMedia({ ...base, sound: true });
  small = await encodeMedia({ ...base, width: 160, height: 96, fps: 10, gopFrames: 20 });
  reordered = await encodeMedia({ ...base, bFrames: 2 });
  hevc = await encodeMedia({ ...base, codec: 'h265', bFrames: 2 });
}, 120_000);

const sites: LiveSite[] = [];
afterEach(() => {
  for (const site of sites.splice(0)) site.live.stop();
});

function makeSite(...options: Parameters<typeof makeLiveSite>): LiveSite {
  const site = makeLiveSite(...options);
  sites.push(site);
  return site;
}

describe('HLS', () => {
  it.each([
    ['H.264', () => plain],
    ['H.264 with sound', () => withSound],
    ['H.264 with B-frames', () => reordered],
    ['H.265 with B-frames', () => hevc],
  ])('hands on every frame of %s so that FFmpeg decodes it without complaint', async (_name, media) => {
    const player = await watch(makeSite(), media());
    const [map = ''] = player.init.keys();
    const verdict = await decodeBytes(player.file(map));
    expect(verdict).toEqual({ frames: framesIn(media().samples), complaints: '' });
  });

  it('counts discontinuities on from the run of the gateway, by numbers that hls.js can keep an array of', async () => {
    const player = await watch(makeSite(), plain);
    const number = /#EXT-X-DISCONTINUITY-SEQUENCE:(\d+)/.exec(player.text)?.[1];
    expect(Number(number)).toBe(3 * 256);
  });

  it('keeps times apart that need more than 33 bits', async () => {
    const player = await watch(makeSite(), plain, { dtsShift: 2 ** 34 / 90_000 });
    const [map = ''] = player.init.keys();
    expect(await decodeBytes(player.file(map))).toEqual({ frames: framesIn(plain.samples), complaints: '' });
  });

  it('answers as soon as there is a fifth of a second, and cuts at key frames from then on', async () => {
    const site = makeSite();
    const first = site.live.playlist(CAMERA, 'main');
    await play(site, plain, { seconds: 0.3 });
    const text = await first;
    expect(text.match(/#EXTINF/g)).toHaveLength(1);
    expect(mediaPlaylist(text).targetDuration).toBe(2);

    const later = makeSite();
    const player = await watch(later, plain);
    const lengths = [...player.text.matchAll(/#EXTINF:([\d.]+),/g)].map((match) => Number(match[1]));
    expect(lengths[0]).toBeLessThan(0.5);
    expect((lengths[0] ?? 0) + (lengths[1] ?? 0)).toBeCloseTo(2, 5);
    expect(lengths.slice(2, 4)).toEqual([2, 2]);
  });

  it('answers at once from the GOP that the stream holds', async () => {
    const site = makeSite();
    await play(site, plain, { seconds: 1.2 });
    const text = await site.live.playlist(CAMERA, 'main');
    expect(text).toMatch(/#EXTINF:1\.20000,\nseg-/);
    expect(text).toMatch(/#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-\d+-0\.m4s"/);
  });

  it('marks a camera that comes back in another size as a discontinuity with its own init segment', async () => {
    const site = makeSite({ segments: 20 });
    const player = new Player(site.live);
    const loading = play(site, plain, { seconds: 1, each: () => Promise.resolve() });
    const first = player.load();
    await loading;
    await first;
    await play(site, plain, { seconds: 4 });
    await player.load();
    await play(site, small, { epoch: 2, seconds: 5 });
    await player.load();
    expect(player.text.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(2);
    const maps = [...player.init.keys()];
    expect(maps).toHaveLength(3);
    expect((await decodeBytes(player.file(maps[1] ?? ''))).complaints).toBe('');
    expect(await decodeBytes(player.file(maps[2] ?? ''))).toEqual({ frames: 40, complaints: '' });
  });
});

describe('low-latency HLS', () => {
  it('answers a blocking request when its part is there and not before', async () => {
    const site = makeSite();
    await play(site, plain, { seconds: 1 });
    const text = await site.live.playlist(CAMERA, 'main');
    const msn = Number(/PRELOAD-HINT:TYPE=PART,URI="part-(\d+)-0/.exec(text)?.[1]);
    let answered = '';
    const waiting = site.live.playlist(CAMERA, 'main', { msn, part: 0 }).then((later) => (answered = later));
    const hinted = site.live.file(CAMERA, 'main', `part-${msn}-0.m4s`);
    let sent = 0;
    for (const sample of plain.samples.slice(25)) {
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      if (answered !== '') break;
      site.feeds.sample(CAMERA, 'main', copySample(sample, {}));
      sent += 1;
    }
    await waiting;
    expect(sent).toBe(9);
    expect(answered).toContain(`#EXT-X-PART:DURATION=0.32000,URI="part-${msn}-0.m4s"\n`);
    expect((await hinted).byteLength).toBeGreaterThan(1000);
  });

  it('keeps the rules for part lengths and lists parts whose bytes are those of the segment', async () => {
    const site = makeSite();
    const player = await watch(site, withSound);
    const target = Number(/PART-TARGET=([\d.]+)/.exec(player.text)?.[1]);
    const { segments } = mediaPlaylist(player.text);
    const whole = segments.filter((segment) => segment.parts.length > 1).at(-1);
    if (!whole) throw new Error('no segment with parts');
    for (const [index, part] of whole.parts.entries()) {
      expect(part.duration).toBeLessThanOrEqual(target);
      if (index < whole.parts.length - 1) expect(part.duration).toBeGreaterThanOrEqual(0.85 * target);
    }
    const parts: Buffer[] = [];
    for (const part of whole.parts) parts.push(bytesOf(await site.live.file(CAMERA, 'main', part.uri)));
    expect(Buffer.concat(parts).equals(bytesOf(await site.live.file(CAMERA, 'main', whole.uri)))).toBe(true);
    expect(whole.parts[0]?.independent).toBe(true);
  });

  it('refuses to wait for a segment too far ahead', async () => {
    const site = makeSite();
    await play(site, plain, { seconds: 1 });
    const text = await site.live.playlist(CAMERA, 'main');
    const msn = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
    await expect(site.live.playlist(CAMERA, 'main', { msn: msn + 9 })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await expect(site.live.playlist(CAMERA, 'main', { part: 1 })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  it('gives up a blocking request after three target durations without pictures', async () => {
    const site = makeSite();
    await play(site, plain, { seconds: 1 });
    const text = await site.live.playlist(CAMERA, 'main');
    const msn = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
    const waiting = expect(site.live.playlist(CAMERA, 'main', { msn: msn + 1 })).rejects.toMatchObject({
      code: 'camera-offline',
    });
    await site.clock.advance(6000);
    await waiting;
  });

  it('skips old segments for players that have them', async () => {
    const site = makeSite({ segments: 20 });
    await play(site, plain, { seconds: 1 });
    await site.live.playlist(CAMERA, 'main');
    for (let round = 0; round < 4; round += 1) {
      await play(site, plain, { epoch: 2 + round });
      await site.live.playlist(CAMERA, 'main');
    }
    const full = await site.live.playlist(CAMERA, 'main');
    const delta = await site.live.playlist(CAMERA, 'main', { skip: true });
    const skipped = Number(/#EXT-X-SKIP:SKIPPED-SEGMENTS=(\d+)/.exec(delta)?.[1]);
    const count = (text: string) => text.match(/#EXTINF/g)?.length ?? 0;
    expect(skipped).toBeGreaterThan(0);
    expect(count(delta)).toBe(count(full) - skipped);
  });
});

describe('the multivariant playlist', () => {
  it('tells codec, size and frame rate of each rendition as they are', async () => {
    const site = makeSite({ renditions: ['main', 'sub'] });
    const waiting = site.live.multivariant(CAMERA);
    await play(site, withSound, { seconds: 3 });
    await play(site, small, { profile: 'sub', seconds: 3 });
    const list = parse(await waiting);
    if (!list.isMasterPlaylist) throw new Error('not a multivariant playlist');
    expect(
      list.variants.map(({ uri, codecs, resolution, frameRate }) => ({ uri, codecs, resolution, frameRate })),
    ).toEqual([
      {
        uri: 'main/stream.m3u8',
        codecs: `${withSound.tracks.video.codecString},mp4a.40.2`,
        resolution: { width: 320, height: 180 },
        frameRate: 25,
      },
      {
        uri: 'sub/stream.m3u8',
        codecs: small.tracks.video.codecString,
        resolution: { width: 160, height: 96 },
        frameRate: 10,
      },
    ]);
  });

  it('does not wake the sub stream again for what it knows of it', async () => {
    const site = makeSite({ renditions: ['main', 'sub'] });
    const waiting = site.live.multivariant(CAMERA);
    await play(site, plain, { seconds: 1 });
    await play(site, small, { profile: 'sub', seconds: 1 });
    await waiting;
    await site.clock.advance(60_000);
    expect(site.feeds.status(CAMERA, 'sub').subscribers).toBe(0);
    const again = await site.live.multivariant(CAMERA);
    expect(again).toContain('sub/stream.m3u8');
    expect(site.feeds.subscriptions).toEqual([`${CAMERA}/main`, `${CAMERA}/sub`, `${CAMERA}/main`]);
  });

  it('says camera-offline with the reason and when to try again', async () => {
    const site = makeSite();
    const waiting = expect(site.live.multivariant(CAMERA)).rejects.toMatchObject({
      code: 'camera-offline',
      message: failure.message,
      details: { reason: 'unreachable', retryAfterSec: 30 },
    });
    site.feeds.fail(CAMERA, 'main', { ...failure, retryAtMs: site.clock.now() + 30_000 });
    await waiting;
  });

  it('says camera-offline when nothing comes at all', async () => {
    const site = makeSite();
    const waiting = expect(site.live.multivariant(CAMERA)).rejects.toMatchObject({ code: 'camera-offline' });
    await site.clock.advance(12_000);
    await waiting;
  });

  it('knows no camera that is not there', async () => {
    const site = makeSite();
    await expect(site.live.multivariant('cam_2')).rejects.toMatchObject({ code: 'not-found' });
    expect(() => site.live.playlist(CAMERA, 'sub')).toThrow(/no rendition sub/);
    expect(site.feeds.subscriptions).toEqual([]);
  });
});

describe('sharing and idling', () => {
  it('pulls once for all viewers and lets go after the last', async () => {
    const site = makeSite();
    const viewers = [
      site.live.playlist(CAMERA, 'main'),
      site.live.playlist(CAMERA, 'main'),
      site.live.multivariant(CAMERA),
    ];
    await play(site, plain, { seconds: 3 });
    await Promise.all(viewers);
    expect(site.feeds.subscriptions).toHaveLength(1);
    expect(site.live.viewers()).toEqual([{ cameraId: CAMERA, rendition: 'main', kind: 'hls', count: 1 }]);
    await site.clock.advance(20_000);
    expect(site.feeds.status(CAMERA, 'main').subscribers).toBe(0);
    expect(site.live.viewers()).toEqual([]);
  });

  it('does not show old pictures as live: a list of a camera that went away ends in camera-offline', async () => {
    const site = makeSite();
    await play(site, plain, { seconds: 3 });
    await site.live.playlist(CAMERA, 'main');
    site.feeds.fail(CAMERA, 'main', failure);
    await site.live.playlist(CAMERA, 'main');
    await site.clock.advance(7000);
    await expect(site.live.playlist(CAMERA, 'main')).rejects.toMatchObject({ code: 'camera-offline' });
  });
});

function mediaPlaylist(text: string) {
  const list = parse(text);
  if (list.isMasterPlaylist) throw new Error('not a media playlist');
  return list;
}

describe('the converted rendition', () => {
  const renditions: Rendition[] = ['main', 'h264', 'sub'];

  it('is listed from its plan, second, and starts nothing; main that is H.264 itself has none', async () => {
    const site = makeSite({ renditions: ['main', 'h264'] });
    const listed = site.live.multivariant(CAMERA);
    await play(site, hevc, { seconds: 1 });
    const text = await listed;
    expect(text.match(/^\w+\/stream\.m3u8$/gm)).toEqual(['main/stream.m3u8', 'h264/stream.m3u8']);
    expect(text).toMatch(/CODECS="avc1\.4d401e",RESOLUTION=320x180,FRAME-RATE=25\.000\nh264/);
    expect(site.feeds.subscriptions).toEqual([`${CAMERA}/main`]);

    const plainSite = makeSite({ renditions: ['main', 'h264'] });
    const other = plainSite.live.multivariant(CAMERA);
    await play(plainSite, plain, { seconds: 1 });
    expect(await other).not.toContain('h264/');
  });

  it('gives its place to a camera that is wanted when nobody watches it any longer', async () => {
    const site = makeSite({ renditions });
    for (const id of ['cam_1', 'cam_2', 'cam_3']) site.cameras.set(id, renditions);
    const closed: string[] = [];
    const viewer = (id: string): LiveViewer => ({
      text: () => undefined,
      binary: () => undefined,
      bufferedBytes: () => 0,
      close: (code) => closed.push(`${id} ${code}`),
    });
    const first = site.live.open('cam_1', 'h264', viewer('cam_1'));
    site.live.open('cam_2', 'h264', viewer('cam_2'));
    site.live.open('cam_3', 'h264', viewer('cam_3'));
    expect(closed).toEqual(['cam_3 4503']);
    expect(() => site.live.playlist('cam_3', 'h264')).toThrow(/conversions are in use/);
    first.close();
    site.live.open('cam_3', 'h264', viewer('cam_3'));
    expect(closed).toEqual(['cam_3 4503']);
    await site.converted.stop();
  });
});
