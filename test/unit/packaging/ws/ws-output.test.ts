import { describe, expect, it } from 'vitest';
import type { Chunk, LiveRun } from '../../../../gateway/packaging/live-run.ts';
import { WsOutput } from '../../../../gateway/packaging/ws/ws-output.ts';
import type { LiveViewer } from '../../../../gateway/packaging/ws/ws-output.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

/** A viewer whose network the test opens and shuts. */
class SlowViewer implements LiveViewer {
  readonly texts: string[] = [];
  readonly got: string[] = [];
  buffered = 0;
  stuck = false;
  closedWith: string | undefined;

  text(message: string): void {
    this.texts.push(message);
  }
  binary(chunks: readonly Buffer[]): void {
    this.got.push(chunks[0]?.toString('latin1', 0, 3) ?? '');
    if (this.stuck) for (const chunk of chunks) this.buffered += chunk.byteLength;
  }
  bufferedBytes(): number {
    return this.buffered;
  }
  close(code: number, reason: string): void {
    this.closedWith = `${code} ${reason}`;
  }
}

const run = { mime: 'video/mp4; codecs="avc1.64001f"', init: Buffer.from('ini') } as unknown as LiveRun;
const MEGABYTE = 1024 * 1024;

function chunk(name: string, bytes = 300_000): Chunk {
  const data = Buffer.alloc(bytes);
  data.write(name, 'latin1');
  return {
    kind: 'video',
    bytes: data,
    key: name.startsWith('K'),
    startTicks: 0,
    durationTicks: 3600,
    capturedAtMs: 0,
  };
}

function begin() {
  const clock = new FakeClock();
  const viewer = new SlowViewer();
  const output = new WsOutput(clock, viewer);
  return {
    clock,
    viewer,
    output,
    send: (name: string, bytes?: number) => output.send(chunk(name, bytes), 4_000_000),
  };
}

describe('a WebSocket viewer', () => {
  it('gets hello, init segment and the held GOP, then each chunk', () => {
    const { viewer, output, send } = begin();
    output.begin(run, [chunk('K00'), chunk('P01')]);
    send('P02');
    expect(viewer.texts).toEqual(['{"mime":"video/mp4; codecs=\\"avc1.64001f\\"","timescale":90000}']);
    expect(viewer.got).toEqual(['ini', 'K00', 'P01', 'P02']);
  });

  it('waits for a key frame when none is held', () => {
    const { viewer, output, send } = begin();
    output.begin(run, []);
    for (const name of ['P01', 'K02', 'P03']) send(name);
    expect(viewer.got).toEqual(['ini', 'K02', 'P03']);
  });

  it('that is slow skips whole GOPs and goes on at a key frame', () => {
    const { viewer, output, send } = begin();
    output.begin(run, [chunk('K00')]);
    viewer.stuck = true;
    for (const name of ['P01', 'P02', 'P03', 'P04', 'P05', 'P06']) send(name);
    viewer.buffered = 0;
    for (const name of ['P07', 'K08', 'P09']) send(name);
    expect(viewer.got).toEqual(['ini', 'K00', 'P01', 'P02', 'P03', 'P04', 'K08', 'P09']);
  });

  it('is not called slow for the held GOP that came at once', () => {
    const { viewer, output, send } = begin();
    viewer.stuck = true;
    output.begin(run, [chunk('K00', 8 * MEGABYTE)]);
    send('P01');
    expect(viewer.got).toContain('P01');
  });

  it('that takes nothing for half a minute is let go', async () => {
    const { clock, viewer, output, send } = begin();
    output.begin(run, [chunk('K00')]);
    viewer.stuck = true;
    for (let second = 0; second < 40; second += 1) {
      send('K01', MEGABYTE);
      await clock.advance(1000);
    }
    expect(viewer.closedWith).toMatch(/^4408 the connection has been too slow/);
    expect(viewer.buffered).toBeLessThan(4 * MEGABYTE);
  });

  it('gets close reasons that fit into a close frame, in whole characters', () => {
    const { viewer, output } = begin();
    output.close(4503, '摄像机离线'.repeat(20));
    const reason = viewer.closedWith?.slice(5) ?? '';
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    expect(reason).not.toContain('\uFFFD');
  });
});
