import { toRfc3339 } from '../../base/clock.ts';
import { ticksToSec } from './segment.ts';
import type { Part, Segment } from './segment.ts';

/** Where another rendition of the camera stands, for EXT-X-RENDITION-REPORT. */
export interface RenditionReport {
  uri: string;
  lastMsn: number;
  lastPart: number | null;
}

/** All that a media playlist tells; segments oldest first. */
export interface MediaPlaylist {
  targetDurationSec: number;
  partTargetSec: number;
  discontinuitySequence: number;
  segments: readonly Segment[];
  open: Segment | undefined;
  nextMsn: number;
  reports: readonly RenditionReport[];
  /** Leave out what a player that sent `_HLS_skip` has already. */
  skip: boolean;
}

/** Parts are listed this far from the end, and players may skip what lies farther than twice that (RFC 8216bis, 4.4.4.9, 4.4.3.8). */
const PARTS_IN_TARGETS = 3;
const SKIP_IN_TARGETS = 6;
const PART_HOLD_BACK_IN_PARTS = 3;
/** The same for all renditions of usual frame rates, as EXT-X-SERVER-CONTROL must be (RFC 8216bis, 6.2.4). */
const LEAST_PART_HOLD_BACK_SEC = 1.11;
/** EXT-X-SKIP needs version 9 (RFC 8216bis, 8). */
const VERSION = 9;

/** The text of a media playlist (RFC 8216bis, 4.4). */
export function renderMediaPlaylist(list: MediaPlaylist): string {
  const openSec = secondsOpen(list.open);
  const aheadSec = secondsAhead(list.segments);
  const skipUntilSec = SKIP_IN_TARGETS * list.targetDurationSec;
  const partsUntilSec = PARTS_IN_TARGETS * list.targetDurationSec;
  const skipped = list.skip ? aheadSec.filter((sec) => sec > skipUntilSec).length : 0;
  const lines = [...header(list, skipUntilSec)];
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  let previous: Segment | undefined = list.segments[skipped - 1];
  for (const [index, segment] of list.segments.entries()) {
    if (index < skipped) continue;
    lines.push(...segmentStart(segment, previous));
    if ((aheadSec[index] ?? 0) + openSec < partsUntilSec) lines.push(...partLines(segment));
    lines.push(`#EXTINF:${seconds(segment.durationTicks)},`, `seg-${segment.msn}.m4s`);
    previous = segment;
  }
  lines.push(...liveEdge(list, previous));
  for (const report of list.reports) lines.push(reportLine(report));
  return `${lines.join('\n')}\n`;
}

function header(list: MediaPlaylist, skipUntilSec: number): string[] {
  const first = list.segments[0] ?? list.open;
  return [
    '#EXTM3U',
    `#EXT-X-VERSION:${VERSION}`,
    `#EXT-X-TARGETDURATION:${list.targetDurationSec}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${holdBack(list.partTargetSec)},CAN-SKIP-UNTIL=${skipUntilSec}`,
    `#EXT-X-PART-INF:PART-TARGET=${list.partTargetSec}`,
    `#EXT-X-MEDIA-SEQUENCE:${first?.msn ?? list.nextMsn}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${list.discontinuitySequence}`,
  ];
}

function holdBack(partTargetSec: number): string {
  return Math.max(LEAST_PART_HOLD_BACK_SEC, PART_HOLD_BACK_IN_PARTS * partTargetSec).toFixed(3);
}

function secondsOpen(open: Segment | undefined): number {
  return ticksToSec((open?.parts ?? []).reduce((ticks, part) => ticks + part.durationTicks, 0));
}

/** For each segment, the time from its start to the end of the last whole one, s: the skip boundary counts from there. */
function secondsAhead(segments: readonly Segment[]): number[] {
  let ticks = 0;
  const ahead: number[] = [];
  for (const segment of [...segments].reverse()) {
    ticks += segment.durationTicks;
    ahead.push(ticksToSec(ticks));
  }
  return ahead.reverse();
}

function segmentStart(segment: Segment, previous: Segment | undefined): string[] {
  const newMap = previous?.run.id !== segment.run.id;
  return [
    ...(segment.discontinuity ? ['#EXT-X-DISCONTINUITY'] : []),
    ...(newMap ? [`#EXT-X-MAP:URI="init-${segment.run.id}.mp4"`] : []),
    `#EXT-X-PROGRAM-DATE-TIME:${toRfc3339(Math.round(segment.programDateMs))}`,
  ];
}

function partLines(segment: Segment): string[] {
  return segment.parts.map((part, index) => partLine(segment.msn, part, index));
}

function partLine(msn: number, part: Part, index: number): string {
  const independent = part.independent ? ',INDEPENDENT=YES' : '';
  return `#EXT-X-PART:DURATION=${seconds(part.durationTicks)},URI="part-${msn}-${index}.m4s"${independent}`;
}

/** The finished parts of the segment in progress, and the part that comes next. */
function liveEdge(list: MediaPlaylist, previous: Segment | undefined): string[] {
  const { open } = list;
  if (!open) return [hintLine(list.nextMsn, 0)];
  // A new run is told before its first part: players count the discontinuity for the segment that they see coming.
  if (open.parts.length === 0 && !open.discontinuity) return [hintLine(open.msn, 0)];
  return [...segmentStart(open, previous), ...partLines(open), hintLine(open.msn, open.parts.length)];
}

function hintLine(msn: number, part: number): string {
  return `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-${msn}-${part}.m4s"`;
}

function reportLine(report: RenditionReport): string {
  const part = report.lastPart === null ? '' : `,LAST-PART=${report.lastPart}`;
  return `#EXT-X-RENDITION-REPORT:URI="${report.uri}",LAST-MSN=${report.lastMsn}${part}`;
}

function seconds(ticks: number): string {
  return ticksToSec(ticks).toFixed(5);
}
