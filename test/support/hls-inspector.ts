import type { LiveFile, PlaylistQuery } from '../../gateway/packaging/hls/hls-output.ts';
import { readFragments, readInit } from './fragment-reader.ts';
import { newestMsn } from './hls-list.ts';
import type { HlsList, ListedSegment } from './hls-list.ts';
import { HlsValidator } from './hls-validator.ts';

/** Where playlists and files come from: LiveStreams, or a gateway over HTTP. */
export interface HlsSource {
  playlist(query: PlaylistQuery): Promise<string>;
  file(name: string): Promise<Pick<LiveFile, 'chunks'>>;
}

const TICKS_A_SECOND = 90_000;

/** Follows a live playlist with all that it names: judges the lists, and the bytes against what the lists say. */
export class HlsInspector {
  readonly validator = new HlsValidator();
  /** What is wrong with the bytes, in words. */
  readonly faults: string[] = [];
  /** Playlists, parts and segments that were judged. */
  readonly judged = { lists: 0, deltas: 0, parts: 0, segments: 0 };
  readonly #source: HlsSource;
  readonly #now: () => number;
  readonly #parts = new Map<string, Buffer>();
  readonly #segments = new Map<number, Buffer>();
  readonly #codecs = new Map<string, 'avc1' | 'hvc1'>();
  #endTicks: { map: string; msn: number; ticks: number } | null = null;

  constructor(source: HlsSource, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  /** All violations and faults, empty when there are none. */
  get complaints(): string[] {
    const told = this.validator.violations.map(({ section, rule, at }) => `${section}: ${rule} (${at})`);
    return [...new Set([...told, ...this.faults])];
  }

  /** Fetches and judges the list, and each part and segment that is new in it. */
  async look(query: PlaylistQuery = {}): Promise<HlsList> {
    const list = this.validator.see(await this.#source.playlist(query), this.#now());
    this.judged.lists += 1;
    if (list.skipped > 0) this.judged.deltas += 1;
    for (const segment of list.segments) await this.#segment(segment);
    if (list.open) await this.#partsOf(list.open);
    this.#forget(list);
    return list;
  }

  async #bytes(name: string): Promise<Buffer> {
    return Buffer.concat([...(await this.#source.file(name)).chunks]);
  }

  async #partsOf(segment: ListedSegment): Promise<void> {
    for (const [index, part] of segment.parts.entries()) {
      if (this.#parts.has(part.uri)) continue;
      const bytes = await this.#bytes(part.uri);
      this.#parts.set(part.uri, bytes);
      this.judged.parts += 1;
      const facts = readFragments(bytes, await this.#codecOf(segment.map ?? ''));
      const at = `part ${segment.msn}.${index}`;
      if (facts.hasKeyFrame !== part.independent)
        this.faults.push(`${at}: INDEPENDENT=${part.independent}, key frame in it: ${facts.hasKeyFrame}`);
      this.#sameLength(at, facts.videoTicks, part.durationSec);
    }
  }

  async #segment(segment: ListedSegment): Promise<void> {
    await this.#partsOf(segment);
    if (this.#segments.has(segment.msn)) return;
    const bytes = await this.#bytes(segment.uri ?? '');
    this.#segments.set(segment.msn, bytes);
    this.judged.segments += 1;
    const at = `segment ${segment.msn}`;
    const facts = readFragments(bytes, await this.#codecOf(segment.map ?? ''));
    if (facts.falseFlags > 0) this.faults.push(`${at}: ${facts.falseFlags} frames with false flags`);
    this.#sameLength(at, facts.videoTicks, segment.durationSec);
    this.#goesOn(segment, facts.firstVideoTicks ?? Number.NaN, facts.videoTicks);
    const parts = segment.parts.map(({ uri }) => this.#parts.get(uri) ?? Buffer.alloc(0));
    if (parts.length > 0 && !Buffer.concat(parts).equals(bytes))
      this.faults.push(`${at}: its parts together are not its bytes`);
  }

  /** Within one discontinuity sequence each segment begins where the one before ended (RFC 8216bis, 4.4.4.3). */
  #goesOn(segment: ListedSegment, firstTicks: number, ticks: number): void {
    const { msn, map } = segment;
    const last = this.#endTicks;
    if (last && last.msn === msn - 1 && !segment.discontinuity && last.ticks !== firstTicks)
      this.faults.push(`segment ${msn} begins at ${firstTicks}, the one before ended at ${last.ticks}`);
    this.#endTicks = { map: map ?? '', msn, ticks: firstTicks + ticks };
  }

  #sameLength(at: string, ticks: number, toldSec: number): void {
    if (Math.abs(ticks / TICKS_A_SECOND - toldSec) > 0.0001)
      this.faults.push(`${at}: lasts ${ticks / TICKS_A_SECOND} s, the list says ${toldSec} s`);
  }

  async #codecOf(map: string): Promise<'avc1' | 'hvc1'> {
    const known = this.#codecs.get(map);
    if (known) return known;
    const codec = readInit(await this.#bytes(map));
    this.#codecs.set(map, codec);
    return codec;
  }

  /** Bytes are kept for two lists' length only. */
  #forget(list: HlsList): void {
    const keepFrom = list.mediaSequence - (newestMsn(list) - list.mediaSequence);
    for (const msn of this.#segments.keys()) if (msn < keepFrom) this.#segments.delete(msn);
    if (this.#parts.size < 500) return;
    const listed = new Set(
      [...list.segments, ...(list.open ? [list.open] : [])].flatMap(({ parts }) =>
        parts.map(({ uri }) => uri),
      ),
    );
    for (const uri of this.#parts.keys()) if (!listed.has(uri)) this.#parts.delete(uri);
  }
}
