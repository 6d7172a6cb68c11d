import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../gateway/base/clock.ts';
import { isGatewayError } from '../../gateway/base/gateway-error.ts';
import type { Sample, StreamTracks } from '../../gateway/ingest/media.ts';
import { Chunker } from '../../gateway/packaging/chunker.ts';
import { initSegment } from '../../gateway/packaging/fmp4/init-segment.ts';
import { HlsOutput } from '../../gateway/packaging/hls/hls-output.ts';
import type { Chunk, LiveRun } from '../../gateway/packaging/live-run.ts';
import { makeSample } from '../support/encoded-media.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

const sets = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 });
const number = fc.integer({ min: 0, max: 70_000 });
const tracks: fc.Arbitrary<StreamTracks> = fc.record({
  epoch: fc.constant(1),
  video: fc.record({
    kind: fc.constant('video' as const),
    codec: fc.constantFrom('h264' as const, 'h265' as const),
    timescale: fc.constant(90_000 as const),
    codecString: fc.constant('avc1.64001f'),
    profile: fc.constant('High'),
    width: number,
    height: number,
    sar: fc.record({ width: number, height: number }),
    fps: fc.constant(null),
    parameterSets: fc.record({ vps: sets, sps: sets, pps: sets }),
  }),
  audio: fc.option(
    fc.record({
      kind: fc.constant('audio' as const),
      codec: fc.constant('aac' as const),
      timescale: fc.integer({ min: 7350, max: 96_000 }),
      codecString: fc.constant('mp4a.40.2'),
      channels: fc.integer({ min: 0, max: 255 }),
      config: fc.uint8Array({ maxLength: 40 }),
    }),
  ),
});

const time = fc.oneof(
  fc.integer({ min: 0, max: 200_000 }),
  fc.maxSafeInteger().map((value) => Math.abs(value) % 2 ** 45),
);
const sample: fc.Arbitrary<Sample> = fc
  .record({
    kind: fc.constantFrom('video' as const, 'audio' as const),
    dts: time,
    pts: time,
    key: fc.boolean(),
    capturedAtMs: fc.integer({ min: 0, max: 2e12 }),
    receivedAtMs: fc.constant(0),
    epoch: fc.constant(1),
    bytes: fc.uint8Array({ maxLength: 20 }),
  })
  .map(({ bytes, ...rest }) => makeSample(rest, [bytes]));

describe('fuzzing the packager', () => {
  it('writes an init segment whose boxes add up, whatever the parameter sets', () => {
    fc.assert(
      fc.property(tracks, (any) => {
        const init = initSegment(any);
        const ftypBytes = init.readUInt32BE(0);
        expect(ftypBytes + init.readUInt32BE(ftypBytes)).toBe(init.byteLength);
      }),
      fuzzRuns(),
    );
  });

  it('never goes back in time nor leaves a gap between frames, whatever the times of the samples', () => {
    fc.assert(
      fc.property(tracks, fc.array(sample, { maxLength: 60 }), (any, samples) => {
        const { chunks } = chunk(any, samples);
        const frames = chunks.filter((each) => each.kind === 'video');
        for (const [index, frame] of frames.entries()) {
          const next = frames[index + 1];
          expect(frame.durationTicks).toBeGreaterThan(0);
          if (next) expect(next.startTicks).toBeGreaterThanOrEqual(frame.startTicks + frame.durationTicks);
        }
      }),
      fuzzRuns(),
    );
  });

  it('answers any request for a file or playlist with a reply, undefined or bad-request', async () => {
    const name = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc
        .tuple(fc.constantFrom('init', 'seg', 'part'), fc.nat(), fc.nat(40))
        .map(([kind, a, b]) => `${kind}-${a}-${b}.m4s`),
    );
    const count = fc.option(fc.oneof(fc.nat(300), fc.double()), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(name, count, count, fc.boolean(), async (file, msn, part, skip) => {
        const hls = makeOutput();
        const reply = Promise.all([hls.file(file), hls.playlist({ msn, part, skip }, () => [], 10)]);
        hls.close();
        await reply.catch((error: unknown) => {
          if (!isGatewayError(error, 'bad-request')) throw error;
        });
      }),
      fuzzRuns(),
    );
  });
});

function chunk(any: StreamTracks, samples: readonly Sample[]): { runs: LiveRun[]; chunks: Chunk[] } {
  const runs: LiveRun[] = [];
  const chunks: Chunk[] = [];
  const chunker = new Chunker({
    sink: { onRun: (run) => runs.push(run), onChunk: (each) => chunks.push(each) },
    firstStart: () => 0,
    nextRunId: () => runs.length,
  });
  chunker.tracks(any);
  for (const each of samples) chunker.sample(each);
  return { runs, chunks };
}

function makeOutput(): HlsOutput {
  const run = { id: 1, frameTicks: 3600, init: Buffer.alloc(3) } as unknown as LiveRun;
  const held = Array.from({ length: 30 }, (_each, index) => ({
    kind: 'video' as const,
    bytes: Buffer.alloc(1),
    key: index === 0,
    startTicks: index * 3600,
    durationTicks: 3600,
    capturedAtMs: index * 40,
  }));
  return new HlsOutput({
    clock: systemClock,
    firstMsn: 100,
    segmentSec: 2,
    segments: 6,
    targetDurationSec: 2,
    gopSec: 2,
    discontinuitySequence: 0,
    run,
    held,
  });
}
