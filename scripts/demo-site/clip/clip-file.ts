import { readFile, rename, writeFile } from 'node:fs/promises';
import type { BandBackground } from '../picture/clock-band.ts';
import type { VideoCodec } from './clip-spec.ts';

/** One encoded picture without its clock band. */
export interface ClipFrame {
  key: boolean;
  /** The body's slices, ready to send. */
  nals: Buffer[];
  /** What the clock's slices must repeat of the body's slice header. */
  head: Record<string, number>;
}

/** A profile's loop as it lies in the cache and in memory while it is sent. */
export interface Clip {
  codec: VideoCodec;
  width: number;
  height: number;
  fps: number;
  /** Frames from key frame to key frame. */
  gop: number;
  /** H.264: SPS, PPS. H.265: VPS, SPS, PPS. */
  parameterSets: Buffer[];
  frames: ClipFrame[];
  /** One GOP of black pictures; those after the first are all skipped blocks, so they also hold any picture still. */
  black: ClipFrame[];
  background: BandBackground;
  /** H.265 only: pre-encoded pieces of the clock band by name. */
  pieces: Map<string, Buffer>;
  /** JPEG of each GOP's first picture, without clock; main profile only. */
  stills: Buffer[];
}

interface FrameIndex {
  key: boolean;
  head: Record<string, number>;
  nals: [number, number][];
}

type Index = Pick<Clip, 'codec' | 'width' | 'height' | 'fps' | 'gop' | 'background'> & {
  parameterSets: [number, number][];
  frames: FrameIndex[];
  black: FrameIndex[];
  pieces: [string, [number, number]][];
  stills: [number, number][];
};

/** Writes a clip so that a reader never sees half of it: a file beside it, then a rename. */
export async function writeClip(path: string, clip: Clip): Promise<void> {
  const blobs: Buffer[] = [];
  let length = 0;
  const keep = (bytes: Buffer): [number, number] => {
    blobs.push(bytes);
    length += bytes.length;
    return [length - bytes.length, bytes.length];
  };
  const framesOf = (frames: ClipFrame[]): FrameIndex[] =>
    frames.map(({ key, head, nals }) => ({ key, head, nals: nals.map(keep) }));
  const { codec, width, height, fps, gop, background } = clip;
  const index: Index = {
    codec,
    width,
    height,
    fps,
    gop,
    background,
    parameterSets: clip.parameterSets.map(keep),
    frames: framesOf(clip.frames),
    black: framesOf(clip.black),
    pieces: [...clip.pieces].map(([name, bytes]) => [name, keep(bytes)]),
    stills: clip.stills.map(keep),
  };
  const json = Buffer.from(JSON.stringify(index));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(json.length);
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, Buffer.concat([size, json, ...blobs]));
  await rename(part, path);
}

/** Reads a clip; its buffers are views of one allocation. Throws when the file is missing or damaged. */
export async function readClip(path: string): Promise<Clip> {
  const file = await readFile(path);
  const jsonEnd = 4 + file.readUInt32BE(0);
  const index = JSON.parse(file.subarray(4, jsonEnd).toString('utf8')) as Index;
  const bytesAt = ([offset, length]: [number, number]): Buffer => {
    const start = jsonEnd + offset;
    if (start + length > file.length) throw new Error(`demo site: cached clip is cut short: ${path}`);
    return file.subarray(start, start + length);
  };
  const framesOf = (frames: FrameIndex[]): ClipFrame[] =>
    frames.map(({ key, head, nals }) => ({ key, head, nals: nals.map(bytesAt) }));
  return {
    ...index,
    parameterSets: index.parameterSets.map(bytesAt),
    frames: framesOf(index.frames),
    black: framesOf(index.black),
    pieces: new Map(index.pieces.map(([name, at]) => [name, bytesAt(at)])),
    stills: index.stills.map(bytesAt),
  };
}
