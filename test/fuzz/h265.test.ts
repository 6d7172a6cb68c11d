import { test } from 'vitest';
import { parseH265Sps } from '../../gateway/ingest/codec/h265-sps.ts';
import { fuzzSps, fuzzVideo } from './support/fuzz-video.ts';

// Parameter sets in the form that x265 writes.
const VPS = Buffer.from('40010c01ffff01600000030090000003000003003f95980900'.slice(0, -2), 'hex');
const SPS = Buffer.from(
  '42010101600000030090000003000003003fa005020171f2e56526b2d002d00001f480003a980808',
  'hex',
);
const PPS = Buffer.from('4401c172b46240', 'hex');
const payloads = [
  VPS,
  SPS,
  PPS,
  Buffer.from([0x26, 0x01, 0xaf, 1]),
  Buffer.from([0x02, 0x01, 0xd0, 1]),
  Buffer.from([0x12, 0x01, 0xd0, 1]),
  Buffer.from([0x62, 0x01, 0x93, 0xaf]),
  Buffer.from([0x62, 0x01, 0x13, 1]),
  Buffer.from([0x62, 0x01, 0x53, 1]),
  Buffer.concat([Buffer.from([0x60, 0x01, 0, VPS.length]), VPS, Buffer.from([0, SPS.length]), SPS]),
];

test('an SPS of any bytes is read or refused', () => fuzzSps(parseH265Sps, SPS));

test('packets of any payload, order and loss give whole samples or none', () => fuzzVideo('H265', payloads));
