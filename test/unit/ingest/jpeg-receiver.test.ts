import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { jpegHeader, tablesOfQuality } from '../../../gateway/ingest/codec/jpeg-header.ts';
import { MediaReceiver } from '../../../gateway/ingest/media-receiver.ts';
import type { Sample, StreamTracks } from '../../../gateway/ingest/media.ts';
import { parseSdp } from '../../../gateway/ingest/rtsp/sdp.ts';
import { planTracks } from '../../../gateway/ingest/rtsp/track-plan.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { jpegPayloads, takeJpegApart } from '../../support/jpeg-rtp.ts';
import { writeRtp } from '../../support/rtp-writer.ts';

function fixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'jpeg', `${name}.jpg`));
}

function pixels(jpeg: Buffer): Promise<Buffer> {
  return sharp(jpeg, { failOn: 'warning' }).raw().toBuffer();
}

class Bench {
  readonly clock = new FakeClock();
  readonly tracks: StreamTracks[] = [];
  readonly samples: Sample[] = [];
  readonly faults: string[] = [];
  readonly receiver: MediaReceiver;
  sequence = 65_534;
  timestamp = 0xfffffff0;

  /** Static payload type 26: no rtpmap. */
  constructor(attributes = '') {
    this.receiver = new MediaReceiver({
      clock: this.clock,
      plan: planTracks(parseSdp(`m=video 0 RTP/AVP 26\n${attributes}`)),
      learnt: { reorderDepth: 0 },
      firstEpoch: 1,
      onTracks: (tracks) => this.tracks.push(tracks),
      // Kept beyond the call: the memory must not be written again.
      onSample: (sample) => {
        sample.memory?.retain();
        this.samples.push(sample);
      },
      onFault: (message) => this.faults.push(message),
    });
  }

  packet(payload: Uint8Array, marker: boolean, extension?: Buffer): void {
    const { sequence, timestamp } = this;
    let packet = writeRtp({ sequence, timestamp, payload, marker, payloadType: 26 });
    if (extension) {
      packet[0] = (packet[0] ?? 0) | 0x10;
      packet = Buffer.concat([packet.subarray(0, 12), extension, packet.subarray(12)]);
    }
    this.sequence += 1;
    this.receiver.pushRtp('video', packet, 0, packet.length);
  }

  frame(
    payloads: readonly Buffer[],
    options: { lose?: number; extension?: Buffer; noMarker?: true } = {},
  ): void {
    payloads.forEach((payload, index) => {
      const last = index === payloads.length - 1 && !options.noMarker;
      if (index === options.lose) this.sequence += 1;
      else this.packet(payload, last, index === 0 ? options.extension : undefined);
    });
    this.timestamp += 9000;
    this.clock.advanceNow(100);
  }
}

describe('MJPEG over RTP', () => {
  test.each(['plain_420', 'plain_422', 'restarts_420'])('%s comes out pixel by pixel', async (name) => {
    const original = fixture(name);
    const parts = takeJpegApart(original);
    const bench = new Bench();
    bench.frame(jpegPayloads(parts));
    bench.frame(jpegPayloads(parts, { chunkBytes: 1400 }));
    expect(bench.tracks).toHaveLength(1);
    expect(bench.tracks[0]?.video).toMatchObject({
      codec: 'mjpeg',
      codecString: 'mp4v.6C',
      width: parts.width,
      height: parts.height,
      colour: { matrix: 'bt601', fullRange: true },
    });
    expect(bench.samples.map(({ key, dts, pts }) => ({ key, dts, pts }))).toEqual([
      { key: true, dts: 0, pts: 0 },
      { key: true, dts: 9000, pts: 9000 },
    ]);
    for (const { data } of bench.samples) expect(await pixels(data)).toEqual(await pixels(original));
  });

  test('with tables by quality has the quantizers of libjpeg at that quality', async () => {
    // sharp's encoder is libjpeg(-turbo): its tables at quality 75 are those of RFC 2435 for Q=75.
    const original = await sharp(fixture('plain_420'))
      .jpeg({ quality: 75, optimiseCoding: false })
      .toBuffer();
    const parts = takeJpegApart(original);
    expect(Buffer.concat(tablesOfQuality(75).map(({ values }) => values))).toEqual(parts.tables);
    const bench = new Bench();
    bench.frame(jpegPayloads(parts, { q: 75 }));
    expect(await pixels(bench.samples[0]?.data ?? Buffer.alloc(0))).toEqual(await pixels(original));
  });

  test('whose tables come only now and then keeps them by their Q', async () => {
    const original = fixture('plain_420');
    const parts = takeJpegApart(original);
    const bench = new Bench();
    bench.frame(jpegPayloads(parts, { q: 200, withTables: false }));
    expect(bench.samples).toEqual([]);
    bench.frame(jpegPayloads(parts, { q: 200 }));
    bench.frame(jpegPayloads(parts, { q: 200, withTables: false }));
    expect(bench.samples).toHaveLength(2);
    expect(await pixels(bench.samples[1]?.data ?? Buffer.alloc(0))).toEqual(await pixels(original));
  });

  test('drops a frame that lacks any fragment, counts the loss, and goes on with the next', () => {
    const payloads = jpegPayloads(takeJpegApart(fixture('plain_420')));
    const bench = new Bench();
    bench.frame(payloads);
    for (const lose of payloads.keys()) bench.frame(payloads, { lose });
    bench.frame(payloads);
    expect(bench.receiver.packetsLost).toBe(payloads.length);
    expect(bench.samples).toHaveLength(2);
    expect(bench.samples[1]?.dts).toBe(9000 * (payloads.length + 1));
    expect(bench.tracks).toHaveLength(1);
  });

  test('of a camera that never sets the marker is whole when the next frame begins', () => {
    const payloads = jpegPayloads(takeJpegApart(fixture('plain_420')));
    const bench = new Bench();
    for (let frame = 0; frame < 3; frame += 1) bench.frame(payloads, { noMarker: true });
    expect(bench.samples).toHaveLength(2);
  });

  test('larger than 2040 takes its size from a=x-dimensions, as Hikvision and Axis write it', () => {
    const parts = takeJpegApart(fixture('plain_420'));
    const payloads = jpegPayloads(parts, { sizeInHeader: false });
    const bench = new Bench('a=x-dimensions:2688,1520');
    bench.frame(payloads);
    expect(bench.tracks[0]?.video).toMatchObject({ width: 2688, height: 1520 });
    const without = new Bench();
    without.frame(payloads);
    expect(without.samples).toEqual([]);
  });

  test('larger than 2040 takes its size from the header extension of ONVIF', () => {
    const parts = takeJpegApart(fixture('plain_420'));
    const shape = { ...parts, width: 3840, height: 2160, sampling: '4:2:0' as const, restartInterval: null };
    const header = jpegHeader({ ...shape, tables: tablesOfQuality(50), huffmanTables: [] });
    const sof = header.subarray(header.indexOf('ffc0', 0, 'hex')).subarray(0, 19);
    const body = Buffer.concat([sof, Buffer.alloc((4 - (sof.length % 4)) % 4, 0xff)]);
    const extension = Buffer.concat([Buffer.from([0xff, 0xd8, 0, body.length / 4]), body]);
    const bench = new Bench('a=x-dimensions:640,480');
    bench.frame(jpegPayloads(parts, { sizeInHeader: false }), { extension });
    expect(bench.tracks[0]?.video).toMatchObject({ width: 3840, height: 2160 });
  });

  test('begins a new epoch when the size changes', () => {
    const bench = new Bench();
    bench.frame(jpegPayloads(takeJpegApart(fixture('plain_420'))));
    bench.frame(jpegPayloads(takeJpegApart(fixture('restarts_420'))));
    expect(bench.tracks.map(({ epoch, video }) => [epoch, video.width])).toEqual([
      [1, 120],
      [2, 128],
    ]);
    expect(bench.samples.map(({ epoch, dts }) => [epoch, dts])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  test('of an unknown type is told plainly', () => {
    const bench = new Bench();
    bench.frame(jpegPayloads({ ...takeJpegApart(fixture('plain_420')), type: 5 }));
    expect(bench.faults[0]).toContain('type 5');
    expect(bench.faults[0]).toContain('H.264');
  });
});
