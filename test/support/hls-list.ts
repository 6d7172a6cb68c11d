/** One EXT-X-PART. */
export interface ListedPart {
  uri: string;
  durationSec: number;
  independent: boolean;
}

/** One media segment, or the parts of the one in progress, with the tags that apply to it. */
export interface ListedSegment {
  msn: number;
  /** Null while the segment is in progress. */
  uri: string | null;
  /** The text of EXTINF, for comparison; null while in progress. */
  extinf: string | null;
  durationSec: number;
  discontinuity: boolean;
  /** Discontinuity sequence number (RFC 8216bis, 6.2.1). */
  discontinuitySequence: number;
  /** URI of its EXT-X-MAP; null when the tag stands before the skipped segments. */
  map: string | null;
  programDateMs: number | null;
  parts: ListedPart[];
}

/** A media playlist, read by the rules of RFC 8216bis, section 4. */
export interface HlsList {
  /** Tags that stand for the whole list, by name; the value is empty for those without one. */
  header: Map<string, string>;
  /** Names of tags that this reader does not know. */
  unknown: string[];
  /** Tags met twice that may stand once only. */
  repeated: string[];
  mediaSequence: number;
  discontinuitySequence: number;
  skipped: number;
  /** Without those that are skipped. */
  segments: ListedSegment[];
  /** The segment in progress, when the list tells anything of it. */
  open: ListedSegment | null;
  hint: string | null;
  reports: ReadonlyMap<string, string>[];
}

const headerTags = new Set([
  'EXTM3U',
  'EXT-X-VERSION',
  'EXT-X-INDEPENDENT-SEGMENTS',
  'EXT-X-TARGETDURATION',
  'EXT-X-SERVER-CONTROL',
  'EXT-X-PART-INF',
  'EXT-X-MEDIA-SEQUENCE',
  'EXT-X-DISCONTINUITY-SEQUENCE',
  'EXT-X-PLAYLIST-TYPE',
  'EXT-X-ENDLIST',
]);

/** An attribute list (RFC 8216bis, 4.2), quotes removed. */
export function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^",]*)(?:,|$)/g);
  return new Map(Array.from(found, ([, name = '', value = '']) => [name, value.replaceAll('"', '')]));
}

/** The attribute as a number; NaN when it is not there. */
export function numberIn(attributes: ReadonlyMap<string, string>, name: string): number {
  return Number(attributes.get(name) ?? Number.NaN);
}

/** Reads the text of a media playlist; what is missing stays empty or NaN, for the validator to tell. */
export function readHlsList(text: string): HlsList {
  const reader = new ListReader();
  for (const line of text.split('\n')) reader.line(line.trim());
  return reader.end();
}

/** Target durations and server control of a list; NaN for what it does not tell. */
export function factsOf(list: HlsList): {
  targetSec: number;
  partTargetSec: number;
  control: ReadonlyMap<string, string>;
} {
  return {
    targetSec: Number(list.header.get('EXT-X-TARGETDURATION')),
    partTargetSec: numberIn(attributesOf(list.header.get('EXT-X-PART-INF') ?? ''), 'PART-TARGET'),
    control: attributesOf(list.header.get('EXT-X-SERVER-CONTROL') ?? ''),
  };
}

/** Number of the newest whole segment. */
export function newestMsn(list: HlsList): number {
  return list.segments.at(-1)?.msn ?? list.mediaSequence - 1;
}

class ListReader {
  readonly #list: HlsList = {
    header: new Map(),
    unknown: [],
    repeated: [],
    mediaSequence: 0,
    discontinuitySequence: 0,
    skipped: 0,
    segments: [],
    open: null,
    hint: null,
    reports: [],
  };
  #coming: ListedSegment | null = null;
  #map: string | null = null;
  #msn = 0;
  #dsn = 0;

  line(line: string): void {
    if (line === '') return;
    if (!line.startsWith('#')) return this.#uri(line);
    if (!line.startsWith('#EXT')) return;
    const colon = line.indexOf(':');
    const name = line.slice(1, colon < 0 ? undefined : colon);
    const value = colon < 0 ? '' : line.slice(colon + 1);
    if (headerTags.has(name)) this.#header(name, value);
    else this.#tag(name, value);
  }

  end(): HlsList {
    this.#list.open = this.#coming;
    return this.#list;
  }

  #header(name: string, value: string): void {
    const list = this.#list;
    if (list.header.has(name)) list.repeated.push(name);
    list.header.set(name, value);
    if (name === 'EXT-X-MEDIA-SEQUENCE') this.#msn = list.mediaSequence = Number(value);
    if (name === 'EXT-X-DISCONTINUITY-SEQUENCE') this.#dsn = list.discontinuitySequence = Number(value);
  }

  #tag(name: string, value: string): void {
    const list = this.#list;
    const attributes = attributesOf(value);
    const uri = attributes.get('URI') ?? '';
    switch (name) {
      case 'EXT-X-SKIP':
        if (list.skipped > 0) list.repeated.push(name);
        list.skipped = numberIn(attributes, 'SKIPPED-SEGMENTS');
        this.#msn += list.skipped;
        return;
      case 'EXT-X-PRELOAD-HINT':
        if (list.hint !== null) list.repeated.push(name);
        list.hint = uri;
        return;
      case 'EXT-X-RENDITION-REPORT':
        list.reports.push(attributes);
        return;
      default:
        this.#segmentTag(name, value, attributes, uri);
    }
  }

  #segmentTag(name: string, value: string, attributes: ReadonlyMap<string, string>, uri: string): void {
    const segment = this.#segment();
    switch (name) {
      case 'EXT-X-DISCONTINUITY':
        segment.discontinuity = true;
        this.#dsn += 1;
        segment.discontinuitySequence = this.#dsn;
        return;
      case 'EXT-X-MAP':
        segment.map = this.#map = uri;
        return;
      case 'EXT-X-PROGRAM-DATE-TIME':
        segment.programDateMs = Date.parse(value);
        return;
      case 'EXT-X-PART':
        segment.parts.push({
          uri,
          durationSec: numberIn(attributes, 'DURATION'),
          independent: attributes.get('INDEPENDENT') === 'YES',
        });
        return;
      case 'EXTINF':
        segment.extinf = value;
        segment.durationSec = Number(value.split(',')[0]);
        return;
      default:
        this.#list.unknown.push(name);
    }
  }

  #segment(): ListedSegment {
    this.#coming ??= {
      msn: this.#msn,
      uri: null,
      extinf: null,
      durationSec: Number.NaN,
      discontinuity: false,
      discontinuitySequence: this.#dsn,
      map: this.#map,
      programDateMs: null,
      parts: [],
    };
    return this.#coming;
  }

  #uri(uri: string): void {
    const segment = this.#segment();
    segment.uri = uri;
    this.#list.segments.push(segment);
    this.#coming = null;
    this.#msn += 1;
  }
}
