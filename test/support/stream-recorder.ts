import { spawnSync } from 'node:child_process';
import type { FeedFailure, FeedListener } from '../../gateway/ingest/feeds.ts';
import type { Sample, StreamTracks } from '../../gateway/ingest/media.ts';

/** A listener that keeps what it hears and tells when enough came. */
export class StreamRecorder implements FeedListener {
  readonly tracks: StreamTracks[] = [];
  readonly samples: Sample[] = [];
  readonly failures: FeedFailure[] = [];
  #check: () => void = () => undefined;

  onTracks(tracks: StreamTracks): void {
    this.tracks.push(tracks);
    this.#check();
  }

  onSample(sample: Sample): void {
    this.samples.push(sample);
    this.#check();
  }

  onFailure(failure: FeedFailure): void {
    this.failures.push(failure);
    this.#check();
  }

  get video(): Sample[] {
    return this.samples.filter(({ kind }) => kind === 'video');
  }

  until(enough: (recorder: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#check = () => {
        if (enough(this)) resolve();
      };
      this.#check();
    });
  }

  /** What was heard as an elementary stream. */
  annexB(): Buffer {
    const start = Buffer.from([0, 0, 0, 1]);
    const sets = Object.values(this.tracks[0]?.video.parameterSets ?? {}).flat();
    const parts = sets.flatMap((nal) => [start, Buffer.from(nal)]);
    for (const { data } of this.video) {
      const bytes = Buffer.from(data);
      for (let at = 0; at < bytes.length;) {
        const size = bytes.readUInt32BE(at);
        bytes.writeUInt32BE(1, at);
        at += 4 + size;
      }
      parts.push(bytes);
    }
    return Buffer.concat(parts);
  }
}

/** Complaints of FFmpeg’s decoder over an elementary stream, and the checksums of the pictures it got, in order of presentation. */
export function decodeStrictly(
  bytes: Buffer,
  format: 'h264' | 'hevc' | 'mjpeg' | 'aac',
): { complaints: string; frames: number; pictures: string[] } {
  const args = ['-v', 'error', '-f', format, '-i', '-', '-vsync', 'passthrough', '-f', 'framecrc', '-'];
  const { stdout, stderr } = spawnSync('ffmpeg', args, { input: bytes, maxBuffer: 64 * 1024 * 1024 });
  const pictures = stdout
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('0,'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
  return { complaints: stderr.toString(), frames: pictures.length, pictures };
}
