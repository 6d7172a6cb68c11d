import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SAMPLE_HEADROOM } from '../../gateway/ingest/media.ts';
import type { AudioTrack, Sample, StreamTracks, VideoTrack } from '../../gateway/ingest/media.ts';

const run = promisify(execFile);

/** What to encode. */
export interface MediaOptions {
  codec: 'h264' | 'h265';
  width: number;
  height: number;
  fps: number;
  seconds: number;
  gopFrames: number;
  bFrames?: number;
  /** More parameters for x264, as in `open-gop=1`. */
  x264?: string;
  sound?: boolean;
}

/** A stream as ingest would hand it on: tracks of epoch 1 and samples in order of decode time. */
export interface EncodedMedia {
  tracks: StreamTracks;
  samples: Sample[];
}

/** Encodes a test picture (and a tone) with FFmpeg and reads it back into samples, without any code of the gateway. */
export async function encodeMedia(options: MediaOptions): Promise<EncodedMedia> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-media-'));
  try {
    const video = await encodeVideo(folder, options);
    const sound = options.sound ? await encodeSound(folder, options.seconds) : null;
    const samples = [...video.samples, ...(sound?.samples ?? [])];
    const secOf = (sample: Sample) =>
      sample.dts / (sample.kind === 'video' ? 90_000 : (sound?.track.timescale ?? 1));
    samples.sort((a, b) => secOf(a) - secOf(b) || (a.kind === 'video' ? -1 : 1));
    return { tracks: { epoch: 1, video: video.track, audio: sound?.track ?? null }, samples };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A sample with headroom in memory of its own, as often as a test needs it. */
export function makeSample(from: Omit<Sample, 'data'>, parts: readonly Uint8Array[]): Sample {
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const whole = Buffer.from(new ArrayBuffer(SAMPLE_HEADROOM + bytes));
  let at = SAMPLE_HEADROOM;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return { ...from, data: whole.subarray(SAMPLE_HEADROOM) };
}

/** The sample again, with changes, in memory of its own. */
export function copySample(sample: Sample, changes: Partial<Omit<Sample, 'data'>>): Sample {
  return makeSample({ ...sample, ...changes }, [sample.data]);
}

async function encodeVideo(
  folder: string,
  options: MediaOptions,
): Promise<{ track: VideoTrack; samples: Sample[] }> {
  const { codec, width, height, fps, seconds, gopFrames, bFrames = 0 } = options;
  const file = join(folder, 'video.mp4');
  const raw = join(folder, 'video.raw');
  const gop = `keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:bframes=${bFrames}:aud=1${options.x264 ? `:${options.x264}` : ''}`;
  const encoder =
    codec === 'h264'
      ? ['-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', gop]
      : [
          '-c:v',
          'libx265',
          '-preset',
          'ultrafast',
          '-x265-params',
          `${gop}:open-gop=0:log-level=none:pools=1`,
        ];
  const source = `testsrc2=size=${width}x${height}:rate=${fps}:duration=${seconds}`;
  const pixels = ['-pix_fmt', 'yuv420p', '-profile:v', codec === 'h264' && bFrames > 0 ? 'high' : 'main'];
  await ffmpeg(['-f', 'lavfi', '-i', source, ...encoder, ...pixels, file]);
  const format = codec === 'h264' ? ['h264_mp4toannexb', 'h264'] : ['hevc_mp4toannexb', 'hevc'];
  await ffmpeg(['-i', file, '-c', 'copy', '-bsf:v', format[0] ?? '', '-f', format[1] ?? '', raw]);
  const times = await packetTimes(file);
  const units = splitAccessUnits(await readFile(raw), codec);
  if (units.length !== times.length) throw new Error(`${units.length} units, ${times.length} packets`);
  const sets = collectSets(units.flat(), codec);
  const samples = units.map((unit, index) =>
    toSample(unit, times[index] ?? { dts: 0, pts: 0, key: false }, codec),
  );
  const track: VideoTrack = {
    kind: 'video',
    codec,
    timescale: 90_000,
    codecString: codecString(codec, sets.sps[0] ?? new Uint8Array()),
    profile: 'test',
    width,
    height,
    sar: { width: 1, height: 1 },
    fps,
    parameterSets: sets,
  };
  return { track, samples };
}

interface PacketTime {
  dts: number;
  pts: number;
  key: boolean;
}

async function packetTimes(file: string): Promise<PacketTime[]> {
  const { stdout } = await run(
    'ffprobe',
    ['-v', 'error', '-show_entries', 'packet=dts_time,pts_time,flags', '-of', 'json', file],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const { packets } = JSON.parse(stdout) as {
    packets: { dts_time: string; pts_time: string; flags: string }[];
  };
  const first = Number(packets[0]?.dts_time ?? 0);
  return packets.map((packet) => ({
    dts: Math.round((Number(packet.dts_time) - first) * 90_000),
    pts: Math.round((Number(packet.pts_time) - first) * 90_000),
    key: packet.flags.startsWith('K'),
  }));
}

function nalType(nal: Uint8Array, codec: 'h264' | 'h265'): number {
  return codec === 'h264' ? (nal[0] ?? 0) & 31 : ((nal[0] ?? 0) >> 1) & 63;
}

function isSlice(nal: Uint8Array, codec: 'h264' | 'h265'): boolean {
  const type = nalType(nal, codec);
  return codec === 'h264' ? type >= 1 && type <= 5 : type < 32;
}

/** Units between start codes; an access unit begins with the first slice, or whatever stands before it, after a slice. */
function splitAccessUnits(bytes: Buffer, codec: 'h264' | 'h265'): Uint8Array[][] {
  const units: Uint8Array[][] = [];
  const starts: number[] = [];
  let sliceSeen = false;
  for (let at = bytes.indexOf('000001', 0, 'hex'); at >= 0; at = bytes.indexOf('000001', at + 3, 'hex'))
    starts.push(at);
  for (const [index, start] of starts.entries()) {
    let end = starts[index + 1] ?? bytes.length;
    while (end > start + 3 && bytes[end - 1] === 0) end -= 1;
    const nal = bytes.subarray(start + 3, end);
    const slice = isSlice(nal, codec);
    const firstSlice = ((nal[codec === 'h264' ? 1 : 2] ?? 0) & 0x80) !== 0;
    if (units.length === 0 || (sliceSeen && (!slice || firstSlice))) {
      units.push([]);
      sliceSeen = false;
    }
    sliceSeen ||= slice;
    if (nalType(nal, codec) !== (codec === 'h264' ? 9 : 35)) units.at(-1)?.push(nal);
  }
  return units;
}

function collectSets(nals: readonly Uint8Array[], codec: 'h264' | 'h265'): VideoTrack['parameterSets'] {
  const firstOf = (type: number) => nals.filter((nal) => nalType(nal, codec) === type).slice(0, 1);
  if (codec === 'h264') return { vps: [], sps: firstOf(7), pps: firstOf(8) };
  return { vps: firstOf(32), sps: firstOf(33), pps: firstOf(34) };
}

function toSample(unit: readonly Uint8Array[], time: PacketTime, codec: 'h264' | 'h265'): Sample {
  const sets = codec === 'h264' ? [7, 8] : [32, 33, 34];
  const parts = unit
    .filter((nal) => !sets.includes(nalType(nal, codec)))
    .flatMap((nal) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(nal.byteLength);
      return [length, nal];
    });
  return makeSample({ kind: 'video', ...time, capturedAtMs: 0, receivedAtMs: 0, epoch: 1 }, parts);
}

function codecString(codec: 'h264' | 'h265', sps: Uint8Array): string {
  const hex = (byte: number | undefined) => (byte ?? 0).toString(16).padStart(2, '0');
  if (codec === 'h264') return `avc1.${hex(sps[1])}${hex(sps[2])}${hex(sps[3])}`;
  return 'hvc1.1.6.L93.90';
}

async function encodeSound(
  folder: string,
  seconds: number,
): Promise<{ track: AudioTrack; samples: Sample[] }> {
  const file = join(folder, 'sound.aac');
  await ffmpeg([
    '-f',
    'lavfi',
    '-i',
    `sine=frequency=440:sample_rate=16000:duration=${seconds}`,
    '-c:a',
    'aac',
    '-f',
    'adts',
    file,
  ]);
  const bytes = await readFile(file);
  const samples: Sample[] = [];
  for (let at = 0; at + 7 <= bytes.length;) {
    const length = ((bytes[at + 3] ?? 0) & 3) * 2048 + (bytes[at + 4] ?? 0) * 8 + ((bytes[at + 5] ?? 0) >> 5);
    const dts = samples.length * 1024;
    const times = { dts, pts: dts, key: true, capturedAtMs: 0, receivedAtMs: 0, epoch: 1 };
    samples.push(makeSample({ kind: 'audio', ...times }, [bytes.subarray(at + 7, at + length)]));
    at += length;
  }
  // AAC-LC, sampling frequency index 8 (16 kHz), one channel.
  const config = Uint8Array.of((2 << 3) | (8 >> 1), ((8 & 1) << 7) | (1 << 3));
  return {
    track: { kind: 'audio', codec: 'aac', timescale: 16_000, codecString: 'mp4a.40.2', channels: 1, config },
    samples,
  };
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  await run('ffmpeg', ['-hide_banner', '-v', 'error', '-threads', '1', '-y', ...args]);
}
