import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { parseH264Sps } from '../../../../gateway/ingest/codec/h264-sps.ts';
import { parseH265Sps } from '../../../../gateway/ingest/codec/h265-sps.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gantry-sps-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Probe {
  width: number;
  height: number;
  profile: string;
  sample_aspect_ratio?: string;
  r_frame_rate: string;
  has_b_frames: number;
  color_space?: string;
  color_range?: string;
}

/** ffprobe’s names of matrices. */
const matrices: Readonly<Record<string, string>> = { bt709: 'bt709', smpte170m: 'bt601', bt2020nc: 'bt2020' };

/** Encodes with FFmpeg into an MP4; gives the SPS, ffprobe's view and mp4box's codec string. */
function encode(size: string, fps: string, codec: string[], filter = 'null') {
  const file = join(folder, `${Math.random()}.mp4`);
  const input = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}`, '-frames:v', '12', '-vf', filter];
  execFileSync('ffmpeg', ['-v', 'error', ...input, ...codec, '-y', file]);
  const probed = execFileSync('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', file]);
  const raw = codec.includes('libx264') ? 'h264' : 'hevc';
  const annexB = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-c', 'copy', '-f', raw, '-']);
  const box = createFile();
  let codecString = '';
  box.onReady = (info) => {
    codecString = info.tracks[0]?.codec ?? '';
  };
  box.appendBuffer(MP4BoxBuffer.fromArrayBuffer(new Uint8Array(readFileSync(file)).buffer, 0));
  const [probe] = (JSON.parse(probed.toString()) as { streams: Probe[] }).streams;
  if (!probe) throw new Error('no stream');
  return { probe, codecString, nals: splitAnnexB(annexB) };
}

const zero = String.fromCharCode(0);

function splitAnnexB(bytes: Buffer): Uint8Array[] {
  return bytes
    .toString('latin1')
    .split(new RegExp(`${zero}{2,3}${String.fromCharCode(1)}`))
    .filter((nal) => nal !== '')
    .map((nal) => new Uint8Array(Buffer.from(nal, 'latin1')));
}

const x264 = (...more: string[]): string[] => ['-c:v', 'libx264', '-preset', 'ultrafast', ...more];
const x265 = (...more: string[]): string[] => [
  '-c:v',
  'libx265',
  '-preset',
  'ultrafast',
  '-tag:v',
  'hvc1',
  ...more,
];
const quiet = '-x265-params';

describe.each([
  ['H.264 640x360 baseline', '640x360', '25', x264('-profile:v', 'baseline'), 'null'],
  ['H.264 cropped', '1918x1078', '30000/1001', x264('-bf', '0'), 'null'],
  ['H.264 B-frames and pyramid', '320x240', '15', x264('-preset', 'medium', '-bf', '3'), 'null'],
  ['H.264 4:4:4 10 bit', '322x242', '12.5', x264('-pix_fmt', 'yuv444p10le'), 'null'],
  [
    'H.264 4:2:2 with scaling lists',
    '322x242',
    '25',
    x264('-pix_fmt', 'yuv422p', '-x264-params', 'cqm=jvt'),
    'null',
  ],
  [
    'H.264 anamorphic, HRD',
    '704x576',
    '25',
    x264('-b:v', '1M', '-maxrate', '1M', '-bufsize', '1M', '-x264-params', 'nal-hrd=cbr'),
    'setsar=16/11',
  ],
  ['H.264 interlaced', '720x576', '25', x264('-flags', '+ildct+ilme'), 'setsar=64/45'],
  ['H.265 main', '640x360', '25', x265(quiet, 'log-level=none:bframes=0'), 'null'],
  ['H.265 cropped, odd ratio', '1918x1078', '30000/1001', x265(quiet, 'log-level=none'), 'setsar=15/16'],
  [
    'H.265 main 10, B-frames',
    '320x240',
    '15',
    x265('-pix_fmt', 'yuv420p10le', quiet, 'log-level=none:bframes=4:b-adapt=0'),
    'null',
  ],
  [
    'H.265 4:2:2, scaling lists',
    '322x242',
    '12.5',
    x265('-pix_fmt', 'yuv422p', quiet, 'log-level=none:scaling-list=default'),
    'null',
  ],
  [
    'H.265 HRD',
    '320x240',
    '25',
    x265('-b:v', '500k', quiet, 'log-level=none:vbv-maxrate=500:vbv-bufsize=500:hrd=1:repeat-headers=1'),
    'null',
  ],
  [
    'H.264 full range BT.601',
    '320x240',
    '25',
    x264('-colorspace', 'smpte170m', '-color_range', 'pc'),
    'scale=out_range=pc',
  ],
  ['H.264 BT.709', '320x240', '25', x264('-colorspace', 'bt709', '-color_range', 'tv'), 'null'],
  [
    'H.265 BT.2020',
    '320x240',
    '25',
    x265('-colorspace', 'bt2020nc', '-color_primaries', 'bt2020', quiet, 'log-level=none'),
    'null',
  ],
])('the SPS of %s', (_, size, fps, codec, filter) => {
  test('reads as ffprobe and mp4box read it', () => {
    const { probe, codecString, nals } = encode(size, fps, codec, filter);
    const isH264 = codec.includes('libx264');
    const sps = nals.find(
      (nal) => (isH264 ? (nal[0] ?? 0) & 0x1f : ((nal[0] ?? 0) >> 1) & 0x3f) === (isH264 ? 7 : 33),
    );
    const reading = (isH264 ? parseH264Sps : parseH265Sps)(sps ?? new Uint8Array());
    expect(reading).toBeDefined();
    expect(reading).toMatchObject({ width: probe.width, height: probe.height });
    expect(reading?.codecString.toLowerCase()).toBe(codecString.toLowerCase());
    const [rate = 0, per = 1] = probe.r_frame_rate.split('/').map(Number);
    expect(reading?.fps).toBeCloseTo(rate / per, 2);
    const sar = reading?.sar ?? { width: 0, height: 0 };
    const [sarWidth = 1, sarHeight = 1] = (probe.sample_aspect_ratio ?? '1:1').split(':').map(Number);
    expect(sar.width / sar.height).toBeCloseTo(sarWidth / sarHeight, 3);
    if (reading?.reorderDepth !== null) expect(reading?.reorderDepth).toBe(probe.has_b_frames);
    expect(reading?.colour?.matrix ?? undefined).toBe(matrices[probe.color_space ?? '']);
    expect(reading?.colour?.fullRange ?? false).toBe(probe.color_range === 'pc');
    if (isH264) expect(probe.profile.startsWith(reading?.profile.split(' ')[0] ?? '-')).toBe(true);
    else expect(reading?.profile === 'Range Extensions' ? 'Rext' : reading?.profile).toBe(probe.profile);
  });
});

test('a cut SPS is no SPS', () => {
  const { nals } = encode('640x360', '25', x264());
  const sps = nals.find((nal) => ((nal[0] ?? 0) & 0x1f) === 7) ?? new Uint8Array();
  for (let length = 0; length < 9; length += 1) expect(parseH264Sps(sps.subarray(0, length))).toBeUndefined();
});
