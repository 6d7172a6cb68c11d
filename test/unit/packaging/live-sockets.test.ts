import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LiveViewer } from '../../../gateway/packaging/ws/ws-output.ts';
import { encodeMedia } from '../../support/encoded-media.ts';
import type { EncodedMedia } from '../../support/encoded-media.ts';
import { decodeBytes, probe } from '../../support/judge-mp4.ts';
import { CAMERA, makeSite, play } from '../../support/live-site.ts';
import type { LiveSite } from '../../support/live-site.ts';

let large: EncodedMedia;
let small: EncodedMedia;
let site: LiveSite;

beforeAll(async () => {
  const base = {
    codec: 'h264' as const,
    width: 320,
    height: 180,
    fps: 25,
    seconds: 6,
    gopFrames: 50,
    sound: true,
  };
  large = await encodeMedia(base);
  small = await encodeMedia({ ...base, width: 160, height: 96, sound: false });
}, 60_000);

afterEach(() => site.live.stop());

/** Writes down what a browser would get. */
class Browser implements LiveViewer {
  readonly texts: string[] = [];
  /** What came after each hello. */
  readonly files: Buffer[][] = [];
  closedWith: string | undefined;

  text(message: string): void {
    this.texts.push(message);
    if (message.includes('"mime"')) this.files.push([]);
  }
  binary(chunks: readonly Buffer[]): void {
    this.files.at(-1)?.push(Buffer.concat([...chunks]));
  }
  bufferedBytes(): number {
    return 0;
  }
  close(code: number, reason: string): void {
    this.closedWith = `${code} ${reason}`;
  }
  file(index: number): Buffer {
    return Buffer.concat(this.files[index] ?? []);
  }
}

const failure = {
  code: 'unreachable' as const,
  message: 'the camera does not answer',
  sinceMs: 0,
  retryAtMs: null,
};

describe('live over WebSocket', () => {
  it('begins at the key frame held and hands on every frame and sound', async () => {
    site = makeSite();
    const early = new Browser();
    site.live.open(CAMERA, 'main', early);
    await play(site, large, { seconds: 3 });
    const late = new Browser();
    site.live.open(CAMERA, 'main', late);
    expect(late.texts).toEqual([
      `{"mime":"video/mp4; codecs=\\"${large.tracks.video.codecString},mp4a.40.2\\"","timescale":90000}`,
    ]);
    expect(await decodeBytes(late.file(0))).toEqual({ frames: 25, complaints: '' });
    expect(await decodeBytes(early.file(0))).toEqual({ frames: 75, complaints: '' });
    expect(site.feeds.subscriptions).toHaveLength(1);
    expect(site.live.viewers()).toEqual([{ cameraId: CAMERA, rendition: 'main', kind: 'ws', count: 2 }]);
  });

  it('keeps picture and sound together', async () => {
    site = makeSite();
    const browser = new Browser();
    site.live.open(CAMERA, 'main', browser);
    await play(site, large, { seconds: 4 });
    const report = (await probe(
      ['-show_entries', 'stream=codec_type,start_time', 'pipe:0'],
      browser.file(0),
    )) as {
      streams: { codec_type: string; start_time: string }[];
    };
    const [video, sound] = report.streams.map((stream) => Number(stream.start_time));
    expect(Math.abs((video ?? 0) - (sound ?? 9))).toBeLessThan(0.02);
  });

  it('tells of a broken stream, stays, and goes on with a new hello in another size', async () => {
    site = makeSite();
    const browser = new Browser();
    site.live.open(CAMERA, 'main', browser);
    await play(site, large, { seconds: 3 });
    site.feeds.fail(CAMERA, 'main', failure);
    site.feeds.fail(CAMERA, 'main', failure);
    await play(site, small, { epoch: 2, seconds: 2 });
    expect(browser.texts[1]).toBe(
      '{"state":"offline","code":"unreachable","message":"the camera does not answer"}',
    );
    expect(browser.texts).toHaveLength(3);
    expect(await decodeBytes(browser.file(1))).toEqual({ frames: 50, complaints: '' });
    expect(browser.closedWith).toBeUndefined();
  });

  it('is closed with the reason when the camera does not answer or does not exist', async () => {
    site = makeSite();
    const [offline, unknown, never] = [new Browser(), new Browser(), new Browser()];
    site.live.open(CAMERA, 'main', offline);
    site.feeds.fail(CAMERA, 'main', failure);
    site.live.open('cam_2', 'main', unknown);
    expect(offline.closedWith).toBe('4503 the camera does not answer');
    expect(unknown.closedWith).toBe('4404 there is no camera cam_2');
    site.live.stop();

    site = makeSite();
    site.live.open(CAMERA, 'main', never);
    await site.clock.advance(12_000);
    expect(never.closedWith).toMatch(/^4503 the camera sent no picture within 12 s/);
  });

  it('lets the stream go after the last viewer, and closes viewers of a camera that was removed', async () => {
    site = makeSite();
    const [first, second] = [new Browser(), new Browser()];
    const connection = site.live.open(CAMERA, 'main', first);
    await play(site, large, { seconds: 1 });
    await site.clock.advance(60_000);
    expect(site.feeds.status(CAMERA, 'main').subscribers).toBe(1);
    connection.close();
    await site.clock.advance(20_000);
    expect(site.feeds.status(CAMERA, 'main').subscribers).toBe(0);

    site.live.open(CAMERA, 'main', second);
    site.cameras.delete(CAMERA);
    await site.clock.advance(1000);
    expect(second.closedWith).toBe('4404 the camera was removed');
  });
});
