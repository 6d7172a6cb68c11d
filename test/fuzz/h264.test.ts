import { test } from 'vitest';
import { parseH264Sps } from '../../gateway/ingest/codec/h264-sps.ts';
import { fuzzSps, fuzzVideo } from './support/fuzz-video.ts';

const SPS = Buffer.from('Z0LAHtkDxWhAAAADAEAAAAwDxYuS', 'base64');
const PPS = Buffer.from('aMuMsg==', 'base64');
const IDR = Buffer.from([0x65, 0x88, 0x84, 0x00, 0x33]);
const payloads = [
  SPS,
  PPS,
  IDR,
  Buffer.from([0x41, 0x9a, 2]),
  Buffer.from([0x7c, 0x85, 0x88]),
  Buffer.from([0x7c, 0x05, 1]),
  Buffer.from([0x7c, 0x45, 1]),
  Buffer.concat([Buffer.from([0x78, 0, SPS.length]), SPS, Buffer.from([0, PPS.length]), PPS]),
];

test('an SPS of any bytes is read or refused', () => fuzzSps(parseH264Sps, SPS));

test('packets of any payload, order and loss give whole samples or none', () => fuzzVideo('H264', payloads));
