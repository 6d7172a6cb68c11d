import { edgeViolations } from './hls-edge-rules.ts';
import { factsOf, newestMsn, numberIn, readHlsList } from './hls-list.ts';
import type { HlsList, ListedPart, ListedSegment } from './hls-list.ts';
import type { HlsViolation } from './hls-violation.ts';

/** Rounding of printed durations: two of half a hundred-thousandth, and some parts to a segment. */
const ROUNDING_SEC = 0.001;
/** Tags that must be the same in each version of a playlist (6.2.1). */
const constantTags = [
  'EXT-X-VERSION',
  'EXT-X-INDEPENDENT-SEGMENTS',
  'EXT-X-TARGETDURATION',
  'EXT-X-SERVER-CONTROL',
  'EXT-X-PART-INF',
];

/**
 * Judges the successive versions of one media playlist by the rules of RFC 8216bis, knowing nothing of who wrote them;
 * lives as long as a player would keep the playlist.
 */
export class HlsValidator {
  readonly violations: HlsViolation[] = [];
  readonly #seen = new Map<number, ListedSegment>();
  /** What each URI stands for: `map`, `segment 7`, `part 7.2`. */
  readonly #uris = new Map<string, string>();
  #last: HlsList | null = null;
  #lastSegmentAtMs = 0;

  /** Judges one version as it was fetched; gives it back read, with skipped segments filled in. */
  see(text: string, fetchedAtMs: number): HlsList {
    const list = readHlsList(text);
    this.#checkHeader(text, list);
    this.#checkControl(list);
    this.#expand(list);
    for (const segment of list.segments) this.#checkSegment(segment, list);
    if (list.open) this.#checkParts(list.open, list);
    this.#checkNeighbours(list);
    this.#checkHint(list);
    this.#checkReports(list);
    this.violations.push(...edgeViolations(text, list, this.#last));
    if (this.#last) this.#checkChange(list, this.#last, fetchedAtMs);
    this.#remember(list, fetchedAtMs);
    return list;
  }

  #fail(section: string, rule: string, at: string | number): void {
    this.violations.push({ section, rule, at: String(at) });
  }

  #must(holds: boolean, section: string, rule: string, at: string | number): void {
    if (!holds) this.#fail(section, rule, at);
  }

  #checkHeader(text: string, list: HlsList): void {
    this.#must(text.startsWith('#EXTM3U\n'), '4.4.1.1', 'EXTM3U is the first line', text.slice(0, 10));
    this.#must(
      /^\d+$/.test(list.header.get('EXT-X-TARGETDURATION') ?? ''),
      '4.4.3.1',
      'a target duration',
      '',
    );
    this.#must(!list.header.has('EXT-X-PLAYLIST-TYPE'), '6.2.2', 'a live playlist has no type', '');
    this.#must(list.header.has('EXT-X-MEDIA-SEQUENCE'), '6.2.2', 'a media sequence number', '');
    for (const tag of list.repeated) this.#fail('4.4', 'the tag stands once', tag);
    for (const tag of list.unknown) this.#fail('4.1', 'the tag is known', tag);
    const version = Number(list.header.get('EXT-X-VERSION'));
    const needed = list.skipped > 0 ? 9 : 6;
    this.#must(version >= needed, '8', `EXT-X-VERSION is at least ${needed}`, version);
  }

  #checkControl(list: HlsList): void {
    const { control, targetSec, partTargetSec } = factsOf(list);
    const holdBack = numberIn(control, 'HOLD-BACK');
    const skipUntil = numberIn(control, 'CAN-SKIP-UNTIL');
    const partHoldBack = numberIn(control, 'PART-HOLD-BACK');
    const within = (sec: number, leastSec: number) => Number.isNaN(sec) || sec >= leastSec - 1e-9;
    this.#must(within(holdBack, 3 * targetSec), '4.4.3.8', 'HOLD-BACK ≥ 3 target durations', holdBack);
    this.#must(within(skipUntil, 6 * targetSec), '4.4.3.8', 'CAN-SKIP-UNTIL ≥ 6 target durations', skipUntil);
    const hasParts = list.open !== null || list.segments.some(({ parts }) => parts.length > 0);
    if (!hasParts) return;
    this.#must(partTargetSec > 0, '4.4.3.7', 'EXT-X-PART-INF goes with parts', '');
    this.#must(
      partHoldBack >= 3 * partTargetSec - 1e-9,
      '4.4.3.8',
      'PART-HOLD-BACK ≥ 3 part targets',
      partHoldBack,
    );
    this.#must(control.get('CAN-BLOCK-RELOAD') === 'YES', 'B.1', 'low latency blocks reloads', '');
  }

  /** Puts what is skipped back from what was seen; a delta update must not skip what is newer than the skip boundary. */
  #expand(list: HlsList): void {
    if (list.skipped === 0) return;
    let afterSec = 0;
    for (const segment of list.segments) afterSec += segment.durationSec;
    const boundarySec = numberIn(factsOf(list).control, 'CAN-SKIP-UNTIL');
    const kept: ListedSegment[] = [];
    for (let msn = list.mediaSequence + list.skipped - 1; msn >= list.mediaSequence; msn -= 1) {
      const known = this.#seen.get(msn);
      if (!known) {
        this.#fail('6.2.5.1', 'what is skipped was in an earlier version', msn);
        continue;
      }
      afterSec += known.durationSec;
      this.#must(
        afterSec > boundarySec,
        '6.2.5.1',
        'only what lies beyond the skip boundary is skipped',
        msn,
      );
      kept.unshift(known);
    }
    const before = kept.reduce((sum, { discontinuity }) => sum + (discontinuity ? 1 : 0), 0);
    let map = kept.at(-1)?.map ?? null;
    for (const segment of [...list.segments, ...(list.open ? [list.open] : [])]) {
      segment.discontinuitySequence += before;
      segment.map = map = segment.map ?? map;
    }
    list.segments.unshift(...kept);
  }

  #checkSegment(segment: ListedSegment, list: HlsList): void {
    const { msn, durationSec } = segment;
    const { targetSec } = factsOf(list);
    this.#must(durationSec > 0, '4.4.4.1', 'a segment has an EXTINF', msn);
    this.#must(Math.round(durationSec) <= targetSec, '4.4.3.1', 'EXTINF, rounded, ≤ target duration', msn);
    this.#must(segment.map !== null, '4.4.4.5', 'fragmented MP4 has an EXT-X-MAP', msn);
    this.#checkParts(segment, list);
    if (segment.parts.length === 0) return;
    const sumSec = segment.parts.reduce((sum, part) => sum + part.durationSec, 0);
    const same = Math.abs(sumSec - durationSec) <= ROUNDING_SEC;
    this.#must(same, '4.4.4.9', 'parts last as long as their segment', `${msn}: ${sumSec} of ${durationSec}`);
  }

  #checkParts(segment: ListedSegment, list: HlsList): void {
    const { partTargetSec } = factsOf(list);
    for (const [index, part] of segment.parts.entries()) {
      const at = `${segment.msn}.${index}: ${part.durationSec} of ${partTargetSec}`;
      this.#must(part.durationSec <= partTargetSec + 1e-9, '4.4.4.9', 'a part ≤ PART-TARGET', at);
      const last = segment.uri !== null && index === segment.parts.length - 1;
      const full = part.durationSec >= 0.85 * partTargetSec - 1e-9;
      // The last part of a segment in progress may prove to be its final one: it is judged once it is not the last.
      const mayBeFinal = segment.uri === null && index === segment.parts.length - 1;
      this.#must(
        full || last || mayBeFinal || part.independent,
        '4.4.4.9',
        'a part ≥ 85 % of PART-TARGET',
        at,
      );
    }
  }

  #checkNeighbours(list: HlsList): void {
    const all = list.open ? [...list.segments, list.open] : list.segments;
    for (const [index, segment] of all.entries()) {
      const before = all[index - 1];
      if (!before) continue;
      const newMap = segment.map !== before.map;
      this.#must(
        !newMap || segment.discontinuity,
        '4.4.4.3',
        'a new EXT-X-MAP needs a discontinuity',
        segment.msn,
      );
      if (segment.programDateMs === null || before.programDateMs === null) continue;
      const gapMs = segment.programDateMs - before.programDateMs - before.durationSec * 1000;
      this.#must(
        gapMs > -1000,
        '6.2.1',
        'program dates overlap by less than a second',
        `${segment.msn}: ${gapMs} ms`,
      );
      if (segment.discontinuity) continue;
      this.#must(gapMs < 1000, '6.2.1', 'program dates go on with the media', `${segment.msn}: ${gapMs} ms`);
    }
    for (const segment of list.segments) {
      const dated = !segment.discontinuity || segment.programDateMs !== null;
      this.#must(dated, '6.2.1', 'a discontinuity has a program date', segment.msn);
    }
  }

  #checkHint(list: HlsList): void {
    if (list.hint === null) return;
    const meaning = this.#uris.get(list.hint);
    const allParts = [...list.segments, ...(list.open ? [list.open] : [])].flatMap(({ parts }) => parts);
    const listed = allParts.some(({ uri }) => uri === list.hint);
    this.#must(
      !listed && meaning === undefined,
      '4.4.5.3',
      'the hint names what is not there yet',
      list.hint,
    );
  }

  #checkReports(list: HlsList): void {
    for (const report of list.reports) {
      const uri = report.get('URI') ?? '';
      this.#must(uri !== '' && !/^\w+:/.test(uri), '4.4.5.4', 'a report has a relative URI', uri);
      this.#must(numberIn(report, 'LAST-MSN') >= 0, '4.4.5.4', 'a report tells the last segment', uri);
    }
  }

  #checkChange(list: HlsList, last: HlsList, atMs: number): void {
    for (const tag of constantTags) {
      const [was, is] = [last.header.get(tag), list.header.get(tag)];
      this.#must(was === is, '6.2.1', `${tag} does not change`, `${was} → ${is}`);
    }
    const back = list.mediaSequence < last.mediaSequence;
    this.#must(!back, '6.2.2', 'the media sequence does not go back', list.mediaSequence);
    const dsnBack = list.discontinuitySequence < last.discontinuitySequence;
    this.#must(!dsnBack, '6.2.2', 'the discontinuity sequence does not go back', list.discontinuitySequence);
    this.#checkRemoved(list, last);
    this.#checkHintKept(list, last);
    const { targetSec } = factsOf(last);
    const waitedSec = (atMs - this.#lastSegmentAtMs) / 1000;
    const fresh = newestMsn(list) > newestMsn(last) || waitedSec <= 1.5 * targetSec + 0.25;
    this.#must(fresh, '6.2.1', 'a new segment within 1.5 target durations', `${waitedSec} s`);
  }

  #checkRemoved(list: HlsList, last: HlsList): void {
    const removed = last.segments.filter(({ msn }) => msn < list.mediaSequence);
    // A server that begins its list anew (restarted, or nobody watched) has nothing to keep; only the numbers bind it.
    const anew = list.mediaSequence > newestMsn(last) + 1;
    if (removed.length === 0 || anew) return;
    let restSec = 0;
    for (const segment of list.segments) restSec += segment.durationSec;
    const { targetSec } = factsOf(list);
    const enough = restSec >= 3 * targetSec - ROUNDING_SEC;
    this.#must(enough, '6.2.2', 'three target durations stay listed', `${restSec} s`);
    const newest = newestMsn(last);
    this.#must(newestMsn(list) >= newest, '6.2.1', 'segments do not vanish from the end', newest);
  }

  /** The hint of the version before must have become the part that came next, unless the hinted segment is far gone. */
  #checkHintKept(list: HlsList, last: HlsList): void {
    if (last.hint === null || last.hint === list.hint) return;
    const all = [...list.segments, ...(list.open ? [list.open] : [])];
    const parts = all.flatMap((segment) => segment.parts);
    const stillListed = parts.some(({ uri }) => uri === last.hint);
    const overtaken = all.every(({ msn, parts: own }) => own.length === 0 || msn > newestMsn(last) + 1);
    this.#must(stillListed || overtaken, '4.4.5.3', 'the hinted part comes next', last.hint);
  }

  #remember(list: HlsList, atMs: number): void {
    if (newestMsn(list) > (this.#last ? newestMsn(this.#last) : -1)) this.#lastSegmentAtMs = atMs;
    for (const segment of list.segments) {
      this.#compare(segment);
      this.#seen.set(segment.msn, segment);
      this.#name(segment.uri ?? '', `segment ${segment.msn}`);
      if (segment.map !== null) this.#name(segment.map, 'map');
    }
    for (const segment of [...list.segments, ...(list.open ? [list.open] : [])])
      for (const [index, part] of segment.parts.entries())
        this.#name(part.uri, `part ${segment.msn}.${index}`);
    this.#last = list;
  }

  #compare(segment: ListedSegment): void {
    const known = this.#seen.get(segment.msn);
    if (!known) return;
    for (const key of [
      'uri',
      'extinf',
      'discontinuity',
      'discontinuitySequence',
      'map',
      'programDateMs',
    ] as const)
      this.#must(known[key] === segment[key], '6.2.1', `${key} of a segment does not change`, segment.msn);
    for (const [index, part] of segment.parts.entries()) {
      const before = known.parts[index];
      const same = !before || samePart(before, part);
      this.#must(same, '6.2.1', 'a part does not change', `${segment.msn}.${index}`);
    }
  }

  #name(uri: string, meaning: string): void {
    const before = this.#uris.get(uri);
    this.#must(
      before === undefined || before === meaning,
      '6.2.1',
      'a URI is used once',
      `${uri}: ${before}, ${meaning}`,
    );
    this.#uris.set(uri, meaning);
  }
}

function samePart({ uri, durationSec, independent }: ListedPart, other: ListedPart): boolean {
  return uri === other.uri && durationSec === other.durationSec && independent === other.independent;
}
