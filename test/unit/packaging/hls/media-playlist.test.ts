import { parse, setOptions } from 'hls-parser';
import { describe, expect, it } from 'vitest';
import { renderMediaPlaylist } from '../../../../gateway/packaging/hls/media-playlist.ts';
import type { MediaPlaylist } from '../../../../gateway/packaging/hls/media-playlist.ts';
import type { Part, Segment } from '../../../../gateway/packaging/hls/segment.ts';
import type { LiveRun } from '../../../../gateway/packaging/live-run.ts';
import { Retained } from '../../../../gateway/packaging/retained.ts';

// hls-parser judges: it throws on whatever breaks a rule that it knows.
setOptions({ strictMode: true });

function segment(msn: number, changes: Partial<Segment> & { runId?: number } = {}): Segment {
  const { runId = 1, ...rest } = changes;
  const parts: Part[] = Array.from({ length: 5 }, (_each, index) => ({
    chunks: [],
    byteLength: 0,
    durationTicks: 36_000,
    independent: index === 0,
    retained: new Retained(),
  }));
  return {
    msn,
    run: { id: runId } as unknown as LiveRun,
    discontinuity: false,
    startsWithKey: true,
    programDateMs: Date.parse('2026-11-23T06:00:00.000Z') + msn * 2000,
    durationTicks: 180_000,
    byteLength: 0,
    parts,
    ...rest,
  };
}

function render(changes: Partial<MediaPlaylist> = {}): string {
  return renderMediaPlaylist({
    targetDurationSec: 2,
    partTargetSec: 0.4,
    discontinuitySequence: 0,
    segments: [10, 11, 12, 13, 14, 15].map((msn) => segment(msn)),
    open: undefined,
    nextMsn: 16,
    reports: [],
    skip: false,
    ...changes,
  });
}

describe('the media playlist', () => {
  it('lists segments and the parts of the last three target durations, as hls-parser reads them', () => {
    const list = parse(render({ open: segment(16, { parts: segment(16).parts.slice(0, 2) }), nextMsn: 17 }));
    if (list.isMasterPlaylist) throw new Error('not a media playlist');
    expect(list.targetDuration).toBe(2);
    expect(list.partTargetDuration).toBe(0.4);
    expect(list.mediaSequenceBase).toBe(10);
    expect(list.lowLatencyCompatibility).toMatchObject({ canBlockReload: true, canSkipUntil: 12 });
    expect(list.lowLatencyCompatibility?.partHoldBack).toBeCloseTo(1.2);
    expect(list.segments.map((each) => each.parts.length)).toEqual([0, 0, 0, 0, 5, 5, 3]);
    expect(list.segments[0]?.map?.uri).toBe('init-1.mp4');
    expect(list.segments[1]?.programDateTime?.toISOString()).toBe('2026-11-23T06:00:22.000Z');
  });

  it('makes no claim for all segments that a later one could break', () => {
    expect(render()).not.toContain('#EXT-X-INDEPENDENT-SEGMENTS');
  });

  it('counts the skip boundary from the end of the last whole segment, without the parts after it', () => {
    const segments = [0, 1, 2, 3, 4, 5, 6].map((msn) => segment(msn));
    const open = segment(7, { parts: segment(7).parts.slice(0, 4) });
    expect(render({ segments, open, nextMsn: 8, skip: true })).toContain('SKIPPED-SEGMENTS=1\n');
  });

  it('tells a discontinuity and the new init segment before the first part is there', () => {
    const open = segment(16, { runId: 2, discontinuity: true, parts: [] });
    const lines = render({ open, nextMsn: 17 }).split('\n').slice(-5, -1);
    expect(lines).toEqual([
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="init-2.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-23T06:00:32.000Z',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-16-0.m4s"',
    ]);
  });

  it('skips what lies more than six target durations from the end, when asked', () => {
    const segments = Array.from({ length: 10 }, (_each, index) => segment(index));
    const text = render({ segments, nextMsn: 10, skip: true });
    expect(text).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n');
    expect(text.match(/#EXTINF/g)).toHaveLength(6);
    expect(text).not.toContain('#EXT-X-MAP');
    expect(render({ skip: true })).not.toContain('#EXT-X-SKIP');
  });

  it('reports where the other renditions stand', () => {
    const text = render({ reports: [{ uri: '../sub/stream.m3u8', lastMsn: 7, lastPart: 2 }] });
    expect(text).toContain('#EXT-X-RENDITION-REPORT:URI="../sub/stream.m3u8",LAST-MSN=7,LAST-PART=2\n');
  });
});
