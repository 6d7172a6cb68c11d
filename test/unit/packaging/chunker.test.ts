import { describe, expect, it } from 'vitest';
import type { AudioTrack, Sample, StreamTracks, VideoTrack } from '../../../gateway/ingest/media.ts';
import { Chunker } from '../../../gateway/packaging/chunker.ts';
import type { Chunk, LiveRun } from '../../../gateway/packaging/live-run.ts';
import { makeSample } from '../../support/encoded-media.ts';

const video: VideoTrack = {
  kind: 'video',
  codec: 'h264',
  timescale: 90_000,
  codecString: 'avc1.64001f',
  profile: 'High',
  width: 640,
  height: 360,
  sar: { width: 1, height: 1 },
  fps: 25,
  parameterSets: { vps: [], sps: [Uint8Array.of(0x67, 100, 0, 31)], pps: [Uint8Array.of(0x68)] },
};
const audio: AudioTrack = {
  kind: 'audio',
  codec: 'aac',
  timescale: 8000,
  codecString: 'mp4a.40.2',
  channels: 1,
  config: Uint8Array.of(0x15, 0x88),
};

function frame(index: number, changes: Partial<Omit<Sample, 'data'>> = {}): Sample {
  const dts = index * 3600;
  const times = { dts, pts: dts, key: index % 25 === 0, capturedAtMs: index * 40, receivedAtMs: 0, epoch: 1 };
  return makeSample({ kind: 'video', ...times, ...changes }, [Buffer.from([index])]);
}

function sound(index: number): Sample {
  const dts = index * 1024;
  return makeSample({ kind: 'audio', dts, pts: dts, key: true, capturedAtMs: 0, receivedAtMs: 0, epoch: 1 }, [
    Buffer.from([index]),
  ]);
}

function makeChunker() {
  const runs: LiveRun[] = [];
  const chunks: Chunk[] = [];
  let id = 0;
  const chunker = new Chunker({
    sink: { onRun: (run) => runs.push(run), onChunk: (chunk) => chunks.push(chunk) },
    firstStart: () => 900_000,
    nextRunId: () => (id += 1),
  });
  const begin = (tracks: Partial<StreamTracks> = {}) =>
    chunker.tracks({ epoch: 1, video, audio: null, ...tracks });
  return { chunker, runs, chunks, begin };
}

describe('the chunker', () => {
  it('hands on each frame as it comes, once two have shown their distance', () => {
    const { chunker, chunks, begin } = makeChunker();
    begin();
    chunker.sample(frame(0));
    expect(chunks).toHaveLength(0);
    chunker.sample(frame(1));
    expect(chunks).toHaveLength(2);
    chunker.sample(frame(2));
    expect(chunks.map((chunk) => chunk.startTicks)).toEqual([900_000, 903_600, 907_200]);
  });

  it('begins at a key frame and leaves out samples of another epoch', () => {
    const { chunker, chunks, begin } = makeChunker();
    begin();
    chunker.sample(frame(3));
    chunker.sample(frame(25, { epoch: 2 }));
    for (const index of [25, 26]) chunker.sample(frame(index));
    expect(chunks.map((chunk) => chunk.key)).toEqual([true, false]);
  });

  it('starts without sound that was announced and never comes', () => {
    const { chunker, runs, begin } = makeChunker();
    begin({ audio });
    for (let index = 0; index < 13; index += 1) chunker.sample(frame(index));
    expect(runs).toHaveLength(0);
    chunker.sample(frame(13));
    expect(runs[0]?.mime).toBe('video/mp4; codecs="avc1.64001f"');
  });

  it('groups sound into chunks of about a fifth of a second, whole before each key frame', () => {
    const { chunker, runs, chunks, begin } = makeChunker();
    begin({ audio });
    for (let index = 0; index <= 25; index += 1) {
      chunker.sample(frame(index));
      if (index % 3 === 0) chunker.sample(sound(index / 3));
    }
    expect(runs[0]?.codecs).toBe('avc1.64001f,mp4a.40.2');
    const sounds = chunks.filter((chunk) => chunk.kind === 'audio');
    expect(sounds.map((chunk) => chunk.durationTicks)).toEqual([23_040, 23_040, 23_040, 23_040, 11_520]);
    expect(sounds[0]?.startTicks).toBe(900_000);
    expect(chunks.at(-1)?.key).toBe(true);
    expect(chunks.at(-2)?.kind).toBe('audio');
  });

  it('goes on where it was when the camera restarts', () => {
    const { chunker, runs, chunks, begin } = makeChunker();
    begin();
    for (const index of [0, 1, 2]) chunker.sample(frame(index));
    begin({ epoch: 2 });
    for (const index of [0, 1]) chunker.sample(frame(index, { epoch: 2 }));
    expect(runs.map((run) => run.id)).toEqual([1, 2]);
    expect(chunks[3]?.startTicks).toBe(900_000 + 3 * 3600);
  });

  it('begins a new run at a key frame after a leap of the camera’s clock', () => {
    const { chunker, runs, chunks, begin } = makeChunker();
    begin();
    for (const index of [0, 1]) chunker.sample(frame(index));
    for (const index of [10_001, 10_002, 10_025, 10_026]) chunker.sample(frame(index));
    expect(runs).toHaveLength(2);
    expect(chunks.map((chunk) => chunk.startTicks)).toEqual([900_000, 903_600, 907_200, 910_800]);
  });
});
