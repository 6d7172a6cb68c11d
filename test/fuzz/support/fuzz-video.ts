import fc from 'fast-check';
import { expect } from 'vitest';
import { MediaReceiver } from '../../../gateway/ingest/media-receiver.ts';
import type { SpsReading } from '../../../gateway/ingest/codec/sps-reading.ts';
import { parseSdp } from '../../../gateway/ingest/rtsp/sdp.ts';
import { planTracks } from '../../../gateway/ingest/rtsp/track-plan.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { writeRtp } from '../../support/rtp-writer.ts';
import { fuzzRuns } from './fuzz-runs.ts';

/** Reads damaged copies of a true SPS and plain noise: undefined, or a size that a camera can have. */
export function fuzzSps(parse: (nal: Uint8Array) => SpsReading | undefined, sps: Buffer): void {
  expect(parse(sps)).toBeDefined();
  const damage = fc.array(fc.tuple(fc.nat({ max: sps.length - 1 }), fc.nat({ max: 255 })), { maxLength: 8 });
  const damaged = fc.tuple(damage, fc.nat({ max: sps.length })).map(([changes, cut]) => {
    const bytes = Buffer.from(sps);
    for (const [at, value] of changes) bytes[at] = value;
    return bytes.subarray(0, cut);
  });
  const noise = fc.uint8Array({ maxLength: 300 }).map((body) => Buffer.concat([sps.subarray(0, 2), body]));
  fc.assert(
    fc.property(fc.oneof(damaged, noise), (bytes) => {
      const reading = parse(bytes);
      if (!reading) return;
      expect(reading.width).toBeGreaterThanOrEqual(16);
      expect(reading.width).toBeLessThanOrEqual(16_384);
      expect(reading.height).toBeGreaterThanOrEqual(16);
      expect(reading.fps ?? 1).toBeGreaterThan(0);
      expect(reading.reorderDepth ?? 0).toBeLessThanOrEqual(16);
    }),
    fuzzRuns(3000),
  );
}

/** Feeds payloads true and damaged, with gaps and jumps: samples must be whole, in order, and begin at a key frame. */
export function fuzzVideo(encoding: 'H264' | 'H265', payloads: readonly Buffer[]): void {
  const payload = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...payloads) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  );
  const packet = fc.record({
    payload,
    marker: fc.boolean(),
    skip: fc.oneof(
      { weight: 8, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -3, max: 9000 }) },
    ),
    ticks: fc.oneof(fc.constantFrom(0, 3600, -3600), fc.nat({ max: 0xffffffff })),
    ssrc: fc.oneof({ weight: 30, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
  });
  let samples = 0;
  const streams = fc.array(packet, { minLength: 20, maxLength: 200, size: 'max' });
  fc.assert(
    fc.property(streams, (packets) => {
      samples += feed(encoding, packets);
    }),
    fuzzRuns(300),
  );
  // A fuzzer whose streams never get as far as a sample would prove nothing.
  expect(samples).toBeGreaterThan(500);
}

interface Step {
  payload: Buffer;
  marker: boolean;
  skip: number;
  ticks: number;
  ssrc: number;
}

function feed(encoding: string, packets: readonly Step[]): number {
  const clock = new FakeClock();
  let epoch = 0;
  let lastDts = -1;
  let samples = 0;
  const receiver = new MediaReceiver({
    clock,
    plan: planTracks(parseSdp(`m=video 0 RTP/AVP 96\na=rtpmap:96 ${encoding}/90000`)),
    learnt: { reorderDepth: 0 },
    firstEpoch: 1,
    onTracks: (tracks) => {
      expect(tracks.epoch).toBe(epoch + 1);
      epoch = tracks.epoch;
      lastDts = -1;
    },
    onSample: ({ data, dts, pts, key, epoch: of }) => {
      samples += 1;
      expect(of).toBe(epoch);
      if (lastDts < 0) expect(key).toBe(true);
      expect(dts).toBeGreaterThan(lastDts);
      expect(pts).toBeGreaterThanOrEqual(dts);
      lastDts = dts;
      let at = 0;
      while (at < data.length) at += 4 + data.readUInt32BE(at);
      expect(at).toBe(data.length);
    },
    onFault: () => undefined,
  });
  let sequence = 0;
  let timestamp = 0;
  for (const { payload, marker, skip, ticks, ssrc } of packets) {
    sequence += 1 + skip;
    timestamp = (timestamp + ticks) >>> 0;
    clock.advanceNow(40);
    const packet = writeRtp({ sequence, timestamp, payload, marker, ssrc });
    receiver.pushRtp('video', packet, 0, packet.length);
  }
  return samples;
}
