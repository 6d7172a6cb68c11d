import type { Clock } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import { ChangeGate } from '../change-gate.ts';
import type { Chunk, ChunkSink, LiveRun } from '../live-run.ts';
import { Retained } from '../retained.ts';
import { renderMediaPlaylist } from './media-playlist.ts';
import type { RenditionReport } from './media-playlist.ts';
import type { Part } from './segment.ts';
import { Segmenter } from './segmenter.ts';

/** Delivery directives of a playlist request (RFC 8216bis, 6.2.5). */
export interface PlaylistQuery {
  /** `_HLS_msn` */
  msn?: number | undefined;
  /** `_HLS_part` */
  part?: number | undefined;
  /** `_HLS_skip=YES` */
  skip?: boolean | undefined;
}

/** A file of a rendition, ready to be written; `chunks` are shared and must not be changed. `release` says that they were written. */
export interface LiveFile {
  contentType: string;
  chunks: readonly Buffer[];
  byteLength: number;
  /** For Cache-Control; names are never used for other bytes. */
  maxAgeSec: number;
  release: () => void;
}

/** A request may ask at most this far past the last listed segment (RFC 8216bis, 6.2.5.2). */
const FARTHEST_AHEAD = 2;
const BLOCK_IN_TARGETS = 3;
const MAX_AGE_SEC = 60;
const FILE_NAME =
  /^(init-(?<init>\d{1,15})\.mp4|seg-(?<segment>\d{1,15})\.m4s|part-(?<parent>\d{1,15})-(?<part>\d{1,6})\.m4s)$/;

/** HLS and LL-HLS of one rendition, from memory; lives while players ask for it. */
export class HlsOutput implements ChunkSink {
  readonly #segmenter: Segmenter;
  readonly #gate: ChangeGate;

  constructor(options: {
    clock: Clock;
    firstMsn: number;
    segmentSec: number;
    segments: number;
    targetDurationSec: number;
    /** Distance of key frames as far as it is known. */
    gopSec: number | null;
    discontinuitySequence: number;
    run: LiveRun;
    held: readonly Chunk[];
  }) {
    const gate = new ChangeGate(options.clock);
    this.#gate = gate;
    this.#segmenter = new Segmenter({
      firstMsn: options.firstMsn,
      segmentSec: options.segmentSec,
      listedCount: options.segments,
      targetDurationSec: options.targetDurationSec,
      discontinuitySequence: options.discontinuitySequence,
      frameTicks: options.run.frameTicks,
      gopSec: options.gopSec,
      onChange: () => gate.changed(),
    });
    this.#segmenter.fill(options.run, options.held);
  }

  get targetDurationSec(): number {
    return this.#segmenter.targetDurationSec;
  }

  /** The next media sequence number, from which a later output of this rendition must go on. */
  get nextMsn(): number {
    return this.#segmenter.nextMsn;
  }

  /** The discontinuity sequence number from which a later output of this rendition must go on. */
  get nextDiscontinuity(): number {
    const { discontinuitySequence, listed } = this.#segmenter.window;
    return discontinuitySequence + listed.filter(({ discontinuity }) => discontinuity).length + 1;
  }

  /** Requests that wait for the next part. */
  get waiting(): number {
    return this.#gate.waiting;
  }

  onRun(run: LiveRun): void {
    this.#segmenter.onRun(run);
  }

  onChunk(chunk: Chunk): void {
    this.#segmenter.onChunk(chunk);
  }

  /** Answers the requests that wait; they find nothing. */
  close(): void {
    this.#gate.close();
    this.#segmenter.close();
  }

  /** Where this rendition stands, for the playlists of the others. */
  report(uri: string): RenditionReport | undefined {
    const { open, window } = this.#segmenter;
    if (open && open.parts.length > 0) return { uri, lastMsn: open.msn, lastPart: open.parts.length - 1 };
    const { last } = window;
    return last && { uri, lastMsn: last.msn, lastPart: last.parts.length - 1 };
  }

  /**
   * The media playlist once it holds what is asked for and at least one segment; undefined when that did not come in
   * `firstWaitMs`, or in three target durations for a blocking request. Throws `bad-request` for impossible directives.
   */
  async playlist(
    query: PlaylistQuery,
    reports: () => readonly RenditionReport[],
    firstWaitMs: number,
  ): Promise<string | undefined> {
    const { msn, part } = query;
    this.#refuseImpossible(query);
    const timeoutMs = msn === undefined ? firstWaitMs : this.#blockMs();
    const ready = await this.#gate.until(() => {
      const listed = this.#segmenter.window.last !== undefined;
      return (listed && (msn === undefined || this.#segmenter.has(msn, part))) || undefined;
    }, timeoutMs);
    if (!ready) return undefined;
    const { window, open, nextMsn, partTargetSec, targetDurationSec } = this.#segmenter;
    return renderMediaPlaylist({
      targetDurationSec,
      partTargetSec,
      discontinuitySequence: window.discontinuitySequence,
      segments: window.listed,
      open,
      nextMsn,
      reports: reports(),
      skip: query.skip === true,
    });
  }

  /** An init segment, segment or part; a part that is hinted at is waited for. Undefined when there is none of that name. */
  async file(name: string): Promise<LiveFile | undefined> {
    const groups = FILE_NAME.exec(name)?.groups;
    if (groups?.['init'] !== undefined) return this.#init(Number(groups['init']));
    if (groups?.['segment'] !== undefined) return this.#segment(Number(groups['segment']));
    if (groups?.['parent'] === undefined) return undefined;
    return this.#part(Number(groups['parent']), Number(groups['part']));
  }

  #init(runId: number): LiveFile | undefined {
    const { window, open } = this.#segmenter;
    const segment = open?.run.id === runId ? open : window.findRun(runId);
    return segment && fileOf([segment.run.init], segment.run.init.byteLength, new Retained());
  }

  #segment(msn: number): LiveFile | undefined {
    const segment = this.#segmenter.window.find(msn);
    return segment && fileOfParts(segment.parts);
  }

  async #part(msn: number, index: number): Promise<LiveFile | undefined> {
    if (this.#isNext(msn, index)) {
      await this.#gate.until(() => !this.#isNext(msn, index) || undefined, this.#blockMs());
    }
    const { window, open } = this.#segmenter;
    const part = (open?.msn === msn ? open : window.find(msn))?.parts[index];
    return part && fileOfParts([part]);
  }

  /** True for the one part that the playlist hints at. */
  #isNext(msn: number, index: number): boolean {
    const { open, nextMsn } = this.#segmenter;
    if (!open) return msn === nextMsn && index === 0;
    return msn === open.msn && index === open.parts.length;
  }

  #blockMs(): number {
    return BLOCK_IN_TARGETS * this.targetDurationSec * 1000;
  }

  #refuseImpossible(query: PlaylistQuery): void {
    const { msn, part } = query;
    if (msn === undefined && part === undefined) return;
    if (msn === undefined) {
      throw new GatewayError('bad-request', '_HLS_part needs _HLS_msn beside it');
    }
    if (!isCount(msn) || (part !== undefined && !isCount(part))) {
      throw new GatewayError('bad-request', '_HLS_msn and _HLS_part are whole numbers from 0');
    }
    const lastMsn = this.#segmenter.nextMsn - 1;
    if (msn > lastMsn + FARTHEST_AHEAD) {
      throw new GatewayError(
        'bad-request',
        `_HLS_msn=${msn} is too far ahead: the last segment is ${lastMsn}; load the playlist without directives`,
      );
    }
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function fileOfParts(parts: readonly Part[]): LiveFile {
  const retained = new Retained();
  let byteLength = 0;
  for (const part of parts) {
    retained.addAll(part.retained);
    byteLength += part.byteLength;
  }
  const chunks = parts.flatMap((part) => part.chunks);
  return fileOf(chunks, byteLength, retained);
}

function fileOf(chunks: readonly Buffer[], byteLength: number, retained: Retained): LiveFile {
  return {
    contentType: 'video/mp4',
    chunks,
    byteLength,
    maxAgeSec: MAX_AGE_SEC,
    release: () => retained.release(),
  };
}
