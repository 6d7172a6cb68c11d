import { factsOf, numberIn } from './hls-list.ts';
import type { HlsList, ListedSegment } from './hls-list.ts';
import type { HlsViolation } from './hls-violation.ts';

/** Tags that must come before the first media segment (RFC 8216bis, 4.4.3). */
const LEADING = [
  'EXT-X-MEDIA-SEQUENCE',
  'EXT-X-DISCONTINUITY-SEQUENCE',
  'EXT-X-SERVER-CONTROL',
  'EXT-X-PART-INF',
];

/** What is wrong at the live edge of a list with parts: hints, parts taken away too early, reports without their part, order of tags. */
export function edgeViolations(text: string, list: HlsList, last: HlsList | null): HlsViolation[] {
  const found: HlsViolation[] = [];
  const must = (holds: boolean, section: string, rule: string, at: string | number): void => {
    if (!holds) found.push({ section, rule, at: String(at) });
  };
  const firstMedia = text.search(/^(?:#EXTINF|#EXT-X-PART:|#EXT-X-SKIP)/m);
  for (const tag of LEADING) {
    const at = text.indexOf(`#${tag}:`);
    must(at < 0 || firstMedia < 0 || at < firstMedia, '4.4.3', `${tag} comes before the first segment`, at);
  }
  const hasParts = [...list.segments, ...(list.open ? [list.open] : [])].some(
    ({ parts }) => parts.length > 0,
  );
  if (hasParts) must(list.hint !== null, '6.2.2', 'a list with parts hints at the next', '');
  for (const report of list.reports) {
    const lastPart = numberIn(report, 'LAST-PART');
    must(
      !hasParts || lastPart >= 0,
      '4.4.5.4',
      'a report of a rendition with parts names the last',
      report.get('URI') ?? '',
    );
  }
  if (last)
    for (const msn of takenAway(list, last))
      must(false, '6.2.2', 'parts stay for three target durations', msn);
  return found;
}

/** Segments whose parts have gone from the list although they lie within three target durations of its end. */
function takenAway(list: HlsList, last: HlsList): number[] {
  const before = new Map(last.segments.map((segment) => [segment.msn, segment.parts.length]));
  const nearSec = 3 * factsOf(list).targetSec;
  let aheadSec = (list.open?.parts ?? []).reduce((sum, part) => sum + part.durationSec, 0);
  const gone: number[] = [];
  for (const segment of list.segments.toReversed()) {
    aheadSec += segment.durationSec;
    if (aheadSec < nearSec - 0.001 && lost(segment, before)) gone.push(segment.msn);
  }
  return gone;
}

function lost(segment: ListedSegment, before: ReadonlyMap<number, number>): boolean {
  return segment.parts.length === 0 && (before.get(segment.msn) ?? 0) > 0;
}
