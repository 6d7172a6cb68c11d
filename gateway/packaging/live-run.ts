import type { MediaMemory } from '../ingest/media-memory.ts';
import type { StreamTracks } from '../ingest/media.ts';

/** One uninterrupted run of a stream with one init segment; a new one begins when the camera restarts or its format changes. */
export interface LiveRun {
  /** Unique in the life of the process and growing; names the init segment. */
  id: number;
  init: Buffer;
  /** RFC 6381 list, as in `avc1.64001f,mp4a.40.2`. */
  codecs: string;
  /** For MediaSource.addSourceBuffer. */
  mime: string;
  /** What is in it: sound is left out when the camera announces some and sends none. */
  tracks: StreamTracks;
  /** Ticks of 90 kHz between two frames, as the first two frames show it. */
  frameTicks: number;
}

/** One CMAF chunk, `moof` + `mdat`: a frame of video or about 0.2 s of sound; its bytes are shared by all viewers. */
export interface Chunk {
  kind: 'video' | 'audio';
  bytes: Buffer;
  /** Where `bytes` lie when that memory is used again: to be retained by whoever keeps them. */
  memory?: MediaMemory | undefined;
  /** A video frame that decoding can start at. */
  key: boolean;
  /** Decode time and length on the packager's timeline, 90 kHz; one frame begins where the one before ends. */
  startTicks: number;
  durationTicks: number;
  /** Wall-clock time of capture, ms since 1970. */
  capturedAtMs: number;
}

/** Takes what a packager makes, in order: a run, its chunks from a key frame on, the next run. */
export interface ChunkSink {
  onRun(run: LiveRun): void;
  onChunk(chunk: Chunk): void;
}
