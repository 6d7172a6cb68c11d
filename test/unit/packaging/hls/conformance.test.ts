import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StreamInfo } from '../../../../gateway/contract/camera.ts';
import type { Sample } from '../../../../gateway/ingest/media.ts';
import { copySample, encodeMedia } from '../../../support/encoded-media.ts';
import type { EncodedMedia } from '../../../support/encoded-media.ts';
import { HlsInspector } from '../../../support/hls-inspector.ts';
import { CAMERA, makeSite, play } from '../../../support/live-site.ts';
import type { LiveSite } from '../../../support/live-site.ts';

const base = { codec: 'h264' as const, width: 320, height: 180, fps: 25, seconds: 8, gopFrames: 50 };
const media: Record<string, EncodedMedia> = {};

beforeAll(async () => {
  media['plain'] = await encodeMedia(base);
  media['sound'] = await encodeMedia({ ...base, sound: true });
  media['longGop'] = await encodeMedia({ ...base, gopFrames: 200 });
  media['oddGop'] = await encodeMedia({ ...base, gopFrames: 40 });
  media['slow'] = await encodeMedia({ ...base, fps: 12, gopFrames: 24 });
  media['verySlow'] = await encodeMedia({ ...base, fps: 2, gopFrames: 4 });
  media['small'] = await encodeMedia({ ...base, width: 160, height: 96 });
  media['hevc'] = await encodeMedia({ ...base, codec: 'h265', bFrames: 2 });
}, 120_000);

const sites: LiveSite[] = [];
afterEach(() => {
  for (const site of sites.splice(0)) site.live.stop();
});

/** A camera on the air on the test's clock, and a player that looks at the list after each frame. */
class Channel {
  readonly site: LiveSite;
  readonly inspector: HlsInspector;
  #epoch = 0;
  #sec = 0;
  #frames = 0;
  #looking = false;

  constructor(options: Parameters<typeof makeSite>[0] = {}) {
    this.site = makeSite(options);
    sites.push(this.site);
    const { live, clock } = this.site;
    this.inspector = new HlsInspector(
      {
        playlist: (query) => live.playlist(CAMERA, 'main', query),
        file: (name) => live.file(CAMERA, 'main', name),
      },
      () => clock.now(),
    );
  }

  /** The camera starts (again): a new session, with times of its own. */
  begin(name: string): void {
    this.#epoch += 1;
    this.site.feeds.tracks(CAMERA, 'main', { ...this.#media(name).tracks, epoch: this.#epoch });
  }

  /** Sends so many seconds of at most eight; `keep` tells which samples arrive. */
  async send(
    name: string,
    options: { seconds?: number; keep?: (sample: Sample, index: number) => boolean } = {},
  ): Promise<void> {
    const { seconds = 8, keep = () => true } = options;
    const { tracks, samples } = this.#media(name);
    const startMs = this.site.clock.now();
    for (const [index, sample] of samples.entries()) {
      const scale = sample.kind === 'video' ? 90_000 : (tracks.audio?.timescale ?? 1);
      if (sample.dts / scale >= seconds) break;
      const dueMs = startMs + (sample.dts / scale) * 1000;
      this.site.clock.advanceNow(Math.max(0, dueMs - this.site.clock.now()));
      if (!keep(sample, index)) continue;
      const shift = Math.round(this.#sec * scale);
      const changes = { dts: sample.dts + shift, pts: sample.pts + shift, epoch: this.#epoch };
      const times = { capturedAtMs: this.site.clock.now(), receivedAtMs: this.site.clock.now() };
      this.site.feeds.sample(CAMERA, 'main', copySample(sample, { ...changes, ...times }));
      await this.#look();
    }
    this.#sec += seconds;
    this.site.clock.advanceNow(Math.max(0, startMs + seconds * 1000 - this.site.clock.now()));
  }

  /** Looks, unless the look before still waits for its list; the camera goes on meanwhile. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    this.#frames += 1;
    const looked = this.inspector.look({ skip: this.#frames % 7 === 0 }).then(() => (this.#looking = false));
    await Promise.race([looked, turns(3)]);
  }

  #media(name: string): EncodedMedia {
    const found = media[name];
    if (!found) throw new Error(`no media ${name}`);
    return found;
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const info = (gopSec: number): StreamInfo => ({
  codec: 'h264',
  profile: null,
  width: 320,
  height: 180,
  fps: 25,
  bitrateKbps: 500,
  gopSec,
  audio: null,
});

describe('live playlists keep the rules of RFC 8216bis', () => {
  it.each(['plain', 'sound', 'oddGop', 'slow', 'verySlow', 'hevc'])(
    'with a steady camera: %s',
    async (name) => {
      const channel = new Channel();
      channel.begin(name);
      for (let round = 0; round < 4; round += 1) await channel.send(name);
      expect(channel.inspector.complaints).toEqual([]);
      expect(channel.inspector.judged.segments).toBeGreaterThan(10);
    },
  );

  it('with key frames eight seconds apart that nobody told of', async () => {
    const channel = new Channel();
    channel.begin('longGop');
    for (let round = 0; round < 5; round += 1) await channel.send('longGop');
    expect(channel.inspector.complaints).toEqual([]);
  });

  it('with key frames eight seconds apart as the camera told', async () => {
    const channel = new Channel({ info: info(8) });
    channel.begin('longGop');
    for (let round = 0; round < 6; round += 1) await channel.send('longGop');
    expect(channel.inspector.complaints).toEqual([]);
  });

  it('with a camera that sets its key frames farther apart than before', async () => {
    const channel = new Channel({ info: info(2) });
    channel.begin('plain');
    await channel.send('plain');
    for (let round = 0; round < 3; round += 1) await channel.send('longGop');
    for (let round = 0; round < 2; round += 1) await channel.send('plain');
    expect(channel.inspector.complaints).toEqual([]);
  });

  it('with delta updates from a long list', async () => {
    const channel = new Channel({ segments: 20 });
    channel.begin('plain');
    for (let round = 0; round < 6; round += 1) await channel.send('plain');
    expect(channel.inspector.complaints).toEqual([]);
    expect(channel.inspector.judged.deltas).toBeGreaterThan(20);
  });

  it('with lost packets: frames are missing up to the next key frame', async () => {
    const channel = new Channel();
    channel.begin('plain');
    for (let round = 0; round < 4; round += 1)
      await channel.send('plain', { keep: (sample, index) => sample.key || index % 50 < 20 + round * 9 });
    expect(channel.inspector.complaints).toEqual([]);
  });

  it('with a camera that starts again in mid-segment, and one that comes back in another size', async () => {
    const channel = new Channel();
    channel.begin('plain');
    await channel.send('plain');
    await channel.send('plain', { seconds: 4.4 });
    channel.begin('plain');
    await channel.send('plain', { seconds: 1.2 });
    channel.begin('small');
    await channel.send('small');
    channel.begin('sound');
    for (let round = 0; round < 3; round += 1) await channel.send('sound');
    expect(channel.inspector.complaints).toEqual([]);
  });

  it('for a player that comes back after the list had ended for want of players', async () => {
    const channel = new Channel();
    channel.begin('plain');
    await channel.send('plain');
    channel.begin('plain');
    for (let round = 0; round < 3; round += 1) await channel.send('plain');
    await channel.site.clock.advance(40_000);
    channel.begin('plain');
    for (let round = 0; round < 2; round += 1) await channel.send('plain');
    expect(channel.inspector.complaints).toEqual([]);
  });

  it('with the same target duration and server control for main and sub, whatever their key frames', async () => {
    const site = makeSite({ renditions: ['main', 'sub'] });
    sites.push(site);
    const { longGop, small } = media;
    if (!longGop || !small) throw new Error('not encoded');
    await play(site, longGop, { seconds: 3.2 });
    await play(site, small, { profile: 'sub', seconds: 1 });
    const texts = [await site.live.playlist(CAMERA, 'main'), await site.live.playlist(CAMERA, 'sub')];
    const told = texts.map((text) => text.match(/^#EXT-X-(TARGETDURATION|SERVER-CONTROL).*$/gm));
    expect(told[0]?.[0]).toBe('#EXT-X-TARGETDURATION:3');
    expect(told[1]).toEqual(told[0]);
  });
});
