import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { g711Samples } from '../../../../../gateway/packaging/convert/sound/g711-samples.ts';
import { G726Decoder } from '../../../../../gateway/packaging/convert/sound/g726-decoder.ts';
import { opusDuration } from '../../../../../gateway/packaging/convert/sound/opus-duration.ts';
import { soundInputOf } from '../../../../../gateway/packaging/convert/sound/sound-input.ts';

function ffmpeg(args: readonly string[], input?: Buffer): Buffer {
  return execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...args], {
    input: input ?? '',
    maxBuffer: 1 << 24,
  });
}

const PCM = ['-f', 's16le', '-ar', '8000', '-ac', '1'];

describe('G.711', () => {
  test.each([
    ['pcmu', 'mulaw'],
    ['pcma', 'alaw'],
  ] as const)('%s has the values of FFmpeg for all code words', (law, format) => {
    const codes = Buffer.from(Array.from({ length: 256 }, (_value, code) => code));
    const judged = ffmpeg(['-f', format, '-ar', '8000', '-i', '-', '-f', 's16le', '-'], codes);
    expect(g711Samples(law, codes)).toEqual(judged);
  });
});

describe('G.726', () => {
  const original = ffmpeg([
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440:sample_rate=8000:duration=1,volume=0.5[a];anoisesrc=r=8000:d=1:a=0.2:seed=7[b];[a][b]amix',
    '-ac',
    '1',
    ...['-f', 's16le', '-'],
  ]);

  // FFmpeg's decoder rounds its scale factor otherwise than ITU-T G.726 and leaks at 40 kbit/s as at the other rates.
  test.each([
    [2, 'rfc3551', 'g726le', 35],
    [3, 'rfc3551', 'g726le', 25],
    [4, 'rfc3551', 'g726le', 25],
    [5, 'rfc3551', 'g726le', 15],
    [2, 'aal2', 'g726', 35],
    [3, 'aal2', 'g726', 25],
    [4, 'aal2', 'g726', 25],
    [5, 'aal2', 'g726', 15],
  ] as const)('of %i bits packed as %s sounds as FFmpeg decodes it', (bits, packing, format, leastDb) => {
    const code = ['-code_size', String(bits)];
    const coded = ffmpeg([...PCM, '-i', '-', '-c:a', format, ...code, '-f', format, '-'], original);
    const judged = ffmpeg(['-f', format, '-ar', '8000', ...code, '-i', '-', '-f', 's16le', '-'], coded);
    const decoder = new G726Decoder({ bits, packing });
    // In packets, as it comes: the state goes on from one to the next.
    const packetBytes = bits * 20;
    const decoded: Buffer[] = [];
    for (let at = 0; at < coded.length; at += packetBytes)
      decoded.push(decoder.samples(coded.subarray(at, at + packetBytes)));
    expect(noiseDb(Buffer.concat(decoded), judged)).toBeGreaterThan(leastDb);
    const other = new G726Decoder({ bits, packing: packing === 'aal2' ? 'rfc3551' : 'aal2' });
    expect(noiseDb(other.samples(coded), judged)).toBeLessThan(10);
  });
});

/** How far the difference lies below the signal, dB. */
function noiseDb(samples: Buffer, judged: Buffer): number {
  expect(samples.length).toBe(judged.length);
  let [signal, noise] = [0, 1];
  for (let at = 0; at < judged.length; at += 2) {
    signal += judged.readInt16LE(at) ** 2;
    noise += (judged.readInt16LE(at) - samples.readInt16LE(at)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

describe('an Opus packet', () => {
  test.each([
    [[0xf8, 1, 2], 960],
    [[0xfb, 0x03, 1], 2880],
    [[0x08, 1], 960],
    [[0x18, 1], 2880],
    [[0xe1, 1, 2], 240],
    [[0x03], null],
    [[0x1b, 0x05], null],
    [[], null],
  ])('%j lasts %s ticks', (bytes, ticks) => {
    expect(opusDuration(Uint8Array.from(bytes))).toBe(ticks);
  });
});

describe('what FFmpeg gets', () => {
  test('of L16 has its bytes in the other order, whole samples of all channels', () => {
    const input = soundInputOf({ kind: 'audio', codec: 'l16', timescale: 44_100, channels: 2 });
    const piece = input.piece(Buffer.from([1, 2, 3, 4, 5, 6]));
    expect(piece).toEqual({ data: Buffer.from([2, 1, 4, 3]), ticks: 1 });
    expect(input.piece(Buffer.from([1, 2, 3]))).toBeUndefined();
  });

  test('for silence is as long as asked, in pieces', () => {
    const pcm = soundInputOf({ kind: 'audio', codec: 'pcma', timescale: 8000, channels: 1 });
    const pieces = pcm.silence(4001);
    expect(pieces.reduce((sum, { ticks }) => sum + ticks, 0)).toBe(4001);
    expect(
      pieces.every(({ data, ticks }) => data.length === ticks * 2 && data.every((byte) => byte === 0)),
    ).toBe(true);
    const opus = soundInputOf({ kind: 'audio', codec: 'opus', timescale: 48_000, channels: 1 });
    expect(opus.silence(1000).map(({ data }) => opusDuration(data))).toEqual([960, 960]);
  });
});
