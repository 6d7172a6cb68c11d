import { spawnSync } from 'node:child_process';
import { parseH264Sps } from '../../gateway/ingest/codec/h264-sps.ts';
import { parseH265Sps } from '../../gateway/ingest/codec/h265-sps.ts';
import type { Sample, VideoTrack } from '../../gateway/ingest/media.ts';

export interface KeyFrameRecipe {
  codec?: 'h264' | 'h265';
  width?: number;
  height?: number;
  /** A lavfi source without size, as in `testsrc2` or `color=c=black`. */
  source?: string;
  /** Filters after the source, as in `gblur=sigma=20`. */
  filters?: string;
  pixelFormat?: string;
  sar?: [number, number];
  slices?: number;
  /** The stream may have B-frames, so that players hold pictures back. */
  reordered?: boolean;
  /** More pictures behind it in the same sample, each following from the one before. */
  followedBy?: number;
  /** Marks the stream with this matrix; otherwise it names none. */
  colorspace?: 'bt709' | 'smpte170m';
}

/** One key frame encoded by the machine's FFmpeg (x264 or x265), in the form that ingest delivers. */
export function madeKeyFrame(recipe: KeyFrameRecipe = {}): { track: VideoTrack; sample: Sample } {
  const { codec = 'h264', width = 640, height = 360, sar = [1, 1] } = recipe;
  const units = splitAnnexB(encode(recipe));
  const typeOf = (unit: Buffer): number =>
    codec === 'h264' ? (unit[0] ?? 0) & 0x1f : ((unit[0] ?? 0) >> 1) & 0x3f;
  const ofType = (type: number): Buffer[] => units.filter((unit) => typeOf(unit) === type);
  const isParameterSet = (unit: Buffer): boolean =>
    codec === 'h264' ? [7, 8].includes(typeOf(unit)) : [32, 33, 34].includes(typeOf(unit));
  const sps = ofType(codec === 'h264' ? 7 : 33);
  const reading = (codec === 'h264' ? parseH264Sps : parseH265Sps)(sps[0] ?? Buffer.alloc(0));
  const track: VideoTrack = {
    kind: 'video',
    codec,
    timescale: 90000,
    codecString: codec === 'h264' ? 'avc1.640028' : 'hvc1.1.6.L93.B0',
    profile: 'High',
    width,
    height,
    sar: { width: sar[0], height: sar[1] },
    fps: 5,
    ...(recipe.colorspace
      ? { colour: { matrix: recipe.colorspace === 'bt709' ? 'bt709' : 'bt601', fullRange: false } }
      : {}),
    reorderDepth: reading?.reorderDepth ?? 0,
    parameterSets:
      codec === 'h264' ? { vps: [], sps, pps: ofType(8) } : { vps: ofType(32), sps, pps: ofType(34) },
  };
  return {
    track,
    sample: keySample(
      units.filter((unit) => !isParameterSet(unit)),
      0,
    ),
  };
}

/** A key sample of these NAL units, received at the given time. */
export function keySample(units: readonly Buffer[], receivedAtMs: number): Sample {
  const data = Buffer.concat(units.flatMap((unit) => [lengthOf(unit), unit]));
  return {
    kind: 'video',
    data,
    dts: 0,
    pts: 0,
    key: true,
    capturedAtMs: receivedAtMs,
    receivedAtMs,
    epoch: 1,
  };
}

/** The NAL units of a sample, to leave some out or damage them. */
export function unitsOf(sample: Sample): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at + 4 <= sample.data.length;) {
    const length = sample.data.readUInt32BE(at);
    units.push(Buffer.from(sample.data.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return units;
}

function encode(recipe: KeyFrameRecipe): Buffer {
  const { codec = 'h264', width = 640, height = 360, source = 'testsrc2', slices = 1 } = recipe;
  const { sar = [1, 1], pixelFormat = 'yuv420p', colorspace, reordered = false } = recipe;
  const bFrames = reordered ? 2 : 0;
  const size = `${source}${source.includes('=') ? ':' : '='}s=${width}x${height}:r=5`;
  const filters = [
    ...(recipe.filters ? [recipe.filters] : []),
    `scale=${width}:${height}:out_color_matrix=${colorspace ?? (height >= 720 ? 'bt709' : 'bt601')}:out_range=tv`,
    `format=${pixelFormat}`,
    `setsar=${sar[0]}/${sar[1]}`,
  ].join(',');
  const encoder =
    codec === 'h264'
      ? ['-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', `slices=${slices}:bframes=${bFrames}`]
      : [
          '-c:v',
          'libx265',
          '-preset',
          'ultrafast',
          '-x265-params',
          `slices=${slices}:bframes=${bFrames}:log-level=none`,
        ];
  const colour = colorspace ? ['-colorspace', colorspace] : [];
  const { status, stdout, stderr } = spawnSync(
    'ffmpeg',
    ['-nostdin', '-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', size]
      .concat(['-frames:v', String(1 + (recipe.followedBy ?? 0)), '-vf', filters], encoder, colour)
      .concat(['-f', codec === 'h264' ? 'h264' : 'hevc', 'pipe:1']),
    { maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`FFmpeg made no test frame: ${stderr.toString()}`);
  return stdout;
}

function splitAnnexB(bytes: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = -1;
  for (let at = 0; at + 2 < bytes.length; at += 1) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) continue;
    if (start >= 0) units.push(withoutTrailingZeros(bytes.subarray(start, at)));
    start = at + 3;
  }
  if (start >= 0) units.push(bytes.subarray(start));
  return units;
}

function withoutTrailingZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end -= 1;
  return unit.subarray(0, end);
}

function lengthOf(unit: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(unit.length);
  return length;
}
