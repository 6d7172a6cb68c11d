import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlaylistQuery } from '../../gateway/packaging/hls/hls-output.ts';
import { misbehave } from '../unit/demo-site/running-site.ts';
import { ApiClient, eventually } from '../support/api-client.ts';
import { HlsInspector } from '../support/hls-inspector.ts';
import { newestMsn } from '../support/hls-list.ts';
import type { HlsList } from '../support/hls-list.ts';
import { watchedSite } from '../support/watched-site.ts';
import type { WatchedSite } from '../support/watched-site.ts';

let watched: WatchedSite;

beforeAll(async () => {
  watched = await watchedSite({ siteCameras: 4 });
}, 300_000);

afterAll(async () => {
  await watched.remove();
});

/** A player that keeps the list by blocking reloads, and takes the hinted part before it is there. */
class LowLatencyPlayer {
  readonly inspector: HlsInspector;
  readonly faults: string[] = [];
  readonly statuses: number[] = [];
  readonly #cameraId: string;
  readonly #rendition: string;
  api: ApiClient;
  list: HlsList | null = null;

  constructor(api: ApiClient, camera: number, rendition: 'main' | 'sub' = 'main') {
    this.api = api;
    this.#cameraId = watched.cameras[camera]?.id ?? '';
    this.#rendition = rendition;
    this.inspector = new HlsInspector(
      {
        playlist: async (query) => (await this.#fetch(`stream.m3u8${directives(query)}`)).toString(),
        file: async (name) => ({ chunks: [await this.#fetch(name)] }),
      },
      Date.now,
    );
  }

  get complaints(): string[] {
    return [...this.inspector.complaints, ...this.faults];
  }

  /** Plays for so long; what a camera that is away answers is noted and tried again. */
  async play(seconds: number): Promise<void> {
    const endMs = Date.now() + seconds * 1000;
    for (let round = 0; Date.now() < endMs; round += 1) {
      try {
        if (this.list) await this.#next(this.list, round % 5 === 4);
        else this.list = await this.inspector.look();
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        this.statuses.push(error.status);
        this.list = null;
        await new Promise((resolve) => {
          setTimeout(resolve, 250);
        });
      }
    }
  }

  async #next(list: HlsList, skip: boolean): Promise<void> {
    const msn = newestMsn(list) + 1;
    const part = list.open?.parts.length ?? 0;
    const hinted = list.hint === null ? Promise.resolve(null) : this.#fetch(list.hint);
    hinted.catch(() => undefined);
    const next = await this.inspector.look({ msn, part, skip });
    const own = next.segments.find((segment) => segment.msn === msn) ?? next.open;
    const there = newestMsn(next) >= msn || (next.open?.parts.length ?? 0) > part;
    if (!there) this.faults.push(`_HLS_msn=${msn}&_HLS_part=${part} was answered before it was there`);
    const listed = own?.msn === msn ? own.parts[part] : undefined;
    if (listed && listed.uri !== list.hint) this.faults.push(`${list.hint} was hinted, ${listed.uri} came`);
    const early = await hinted;
    if (early && listed && !early.equals(await this.#fetch(listed.uri)))
      this.faults.push(`${listed.uri} was other bytes when it was only hinted`);
    this.list = next;
  }

  async #fetch(name: string): Promise<Buffer> {
    const reply = await this.api.fetch(`/live/${this.#cameraId}/${this.#rendition}/${name}`);
    const bytes = Buffer.from(await reply.arrayBuffer());
    if (reply.status !== 200) throw new RefusedError(reply.status, `${reply.status} for ${name}`);
    const [type = '', cached = ''] = ['content-type', 'cache-control'].map(
      (key) => reply.headers.get(key) ?? '',
    );
    const isList = name.startsWith('stream.m3u8');
    if (type !== (isList ? 'application/vnd.apple.mpegurl' : 'video/mp4'))
      this.faults.push(`${name}: ${type}`);
    // Lists must not be kept (B.1); what a name stands for never changes.
    const right = isList ? /no-store|no-cache/.test(cached) : /max-age=[1-9]/.test(cached);
    if (!right) this.faults.push(`${name}: cache-control ${cached}`);
    return bytes;
  }
}

class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function directives({ msn, part, skip }: PlaylistQuery): string {
  const given = [
    ...(msn === undefined ? [] : [`_HLS_msn=${msn}`]),
    ...(part === undefined ? [] : [`_HLS_part=${part}`]),
    ...(skip === true ? ['_HLS_skip=YES'] : []),
  ];
  return given.length === 0 ? '' : `?${given.join('&')}`;
}

describe('a gateway on the air keeps the rules of RFC 8216bis', () => {
  it('for H.264, H.265 and sound, main and sub, with blocking reloads, hints and delta updates', async () => {
    const players = [0, 1, 2].map((camera) => new LowLatencyPlayer(watched.api, camera));
    const sub = new LowLatencyPlayer(watched.api, 0, 'sub');
    await Promise.all([...players, sub].map((player) => player.play(18)));
    for (const player of [...players, sub]) {
      expect(player.complaints).toEqual([]);
      expect(player.statuses).toEqual([]);
      expect(player.inspector.judged.segments).toBeGreaterThan(7);
      expect(player.inspector.judged.parts).toBeGreaterThan(35);
    }
    const control = (player?: LowLatencyPlayer) =>
      ['EXT-X-TARGETDURATION', 'EXT-X-SERVER-CONTROL'].map((tag) => player?.list?.header.get(tag));
    expect(control(sub)).toEqual(control(players[0]));
    const [report] = players[0]?.list?.reports ?? [];
    expect(report?.get('URI')).toBe('../sub/stream.m3u8');
    const apart = Number(report?.get('LAST-MSN')) - newestMsn(sub.list ?? ({} as HlsList));
    expect(Math.abs(apart)).toBeLessThanOrEqual(2);
  });

  it('and refuses to wait for what is far ahead or makes no sense', async () => {
    const path = `/live/${watched.cameras[0]?.id}/main/stream.m3u8`;
    const text = await watched.api.get<string>(path);
    const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
    for (const query of [`_HLS_msn=${first + 40}`, '_HLS_part=1', '_HLS_msn=-1', '_HLS_msn=x'])
      expect((await watched.api.call('GET', `${path}?${query}`)).status).toBe(400);
    expect((await watched.api.call('GET', `${path}?_HLS_other=1`)).status).toBe(200);
  });

  it('when a camera falls out and comes back', async () => {
    const player = new LowLatencyPlayer(watched.api, 2);
    const other = new LowLatencyPlayer(watched.api, 0);
    const playing = [player.play(24), other.play(24)];
    const before = await eventually('pictures', 10_000, () => Promise.resolve(player.list ?? undefined));
    await misbehave(watched.site, 2, { fault: 'drop', seconds: 3 });
    await Promise.all(playing);
    expect(other.complaints).toEqual([]);
    expect(other.statuses).toEqual([]);
    // While no camera sends, no new segment can come; all other rules hold.
    expect(player.complaints.filter((text) => !/a new segment within/.test(text))).toEqual([]);
    expect(player.list?.segments.at(-1)?.discontinuitySequence).toBeGreaterThan(
      before.segments.at(-1)?.discontinuitySequence ?? Infinity,
    );
  });

  it('over a power cut of the gateway: numbers go on, no name stands for other bytes', async () => {
    const player = new LowLatencyPlayer(watched.api, 0);
    await player.play(6);
    await watched.gateway.end('SIGKILL');
    await watched.gateway.restart();
    const api = new ApiClient(watched.gateway.url);
    api.cookie = watched.api.cookie;
    player.api = api;
    player.list = null;
    await player.play(8);
    expect(player.complaints.filter((text) => !/a new segment within/.test(text))).toEqual([]);
    expect(player.inspector.judged.segments).toBeGreaterThan(5);
  });
});
