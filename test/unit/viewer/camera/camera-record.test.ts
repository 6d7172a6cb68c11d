import { describe, expect, test } from 'vitest';
import { dayRecord } from '../../../../viewer/camera/day-record.ts';
import { monthAfter, monthView } from '../../../../viewer/camera/month-days.ts';
import { gapRuns } from '../../../../viewer/camera/gap-runs.ts';
import { gapText } from '../../../../viewer/camera/gap-text.ts';
import { keepSiteTime } from '../../../../viewer/format/site-time.ts';
import type { Snapshot, SnapshotGap } from '../../../../gateway/contract/snapshot.ts';

const start = Date.parse('2026-11-23T00:00:00.000Z');
const HALF_HOUR = 1800_000;

function at(hours: number): Snapshot {
  const slot = new Date(start + hours * 3600_000).toISOString();
  const hash = '0'.repeat(64);
  return {
    id: slot,
    cameraId: 'c1',
    takenAt: slot,
    scheduledFor: slot,
    width: 1920,
    height: 1080,
    bytes: 1,
    sha256: hash,
    chainHash: hash,
    prevHash: hash,
    source: 'keyframe',
    quality: { luma: 1, sharpness: 1, verdict: 'ok' },
    milestoneId: null,
    note: null,
    picked: false,
  };
}

function gapAt(hours: number, reason = 'unreachable'): SnapshotGap {
  const slot = new Date(start + hours * 3600_000).toISOString();
  return { cameraId: 'c1', scheduledFor: slot, reason, message: 'no route to the camera' };
}

describe('the record of a day', () => {
  test('draws every gap that the gateway recorded, between the pictures', () => {
    const { marks } = dayRecord([at(7), at(7.5), at(9.5), at(10)], [gapAt(8), gapAt(8.5), gapAt(9)], start);
    const gaps = marks.filter(({ gap }) => gap !== null);
    expect(gaps.map(({ atMs }) => (atMs - start) / HALF_HOUR)).toEqual([16, 17, 18]);
    const times = marks.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
  test('shows an hour without any picture as missing, with its reasons', () => {
    const { film } = dayRecord(
      [at(7), at(7.5), at(9.5)],
      [gapAt(8), gapAt(8.5, 'no-frames'), gapAt(9)],
      start,
    );
    expect(
      film.map(({ startMs, snapshot, gaps }) => [
        (startMs - start) / 3600_000,
        snapshot !== null,
        gaps.map(({ reason }) => reason),
      ]),
    ).toEqual([
      [7, true, []],
      [8, false, ['unreachable', 'no-frames']],
      [9, true, ['unreachable']],
    ]);
  });
  test('invents no gap between pictures that lie far apart', () => {
    const { marks } = dayRecord([at(7), at(7.5), at(11)], [], start);
    expect(marks.every(({ gap }) => gap === null)).toBe(true);
  });
  test('of 25 hours has 25', () => {
    const every = Array.from({ length: 25 }, (_, hour) => at(hour));
    expect(dayRecord(every, [], start).film).toHaveLength(25);
  });
  test('is empty without pictures', () => {
    expect(dayRecord([], [], start)).toEqual({ marks: [], film: [] });
  });
});

describe('the gaps of a month', () => {
  test('are one line for one reason and day, the newest first', () => {
    keepSiteTime({ timeZone: 'UTC', now: new Date().toISOString() });
    const gaps = [gapAt(8), gapAt(8.5), gapAt(9, 'no-frames'), gapAt(9.5), gapAt(32)];
    expect(
      gapRuns(gaps).map(({ date, reason, fromMs, toMs, count }) => [date, reason, toMs - fromMs, count]),
    ).toEqual([
      ['2026-11-24', 'unreachable', 0, 1],
      ['2026-11-23', 'unreachable', 0, 1],
      ['2026-11-23', 'no-frames', 0, 1],
      ['2026-11-23', 'unreachable', HALF_HOUR, 2],
    ]);
  });
  test.each([
    ['unreachable', '连不上，可能断电或断网'],
    ['not-running', '网关当时没有运行，或时钟被拨快'],
    ['damaged', '画面损坏，没有留存'],
    ['ffmpeg-missing', '网关上没有 FFmpeg，无法取图，请管理员安装。'],
    ['something-new', '网关内部出错，请通知运维。'],
  ])('say %s in plain words', (reason, words) => expect(gapText(reason)).toBe(words));
});

describe('the month', () => {
  test('begins on the right weekday and has all its days', () => {
    const view = monthView('2026-11', null, '2026-11-23');
    expect(view.lead).toBe(6);
    expect(view.days).toHaveLength(30);
    expect(view.days.filter(({ future }) => future)).toHaveLength(7);
  });
  test('shades days by what was kept of what was due', () => {
    const day = (date: string, taken: number, missed: number) => ({
      date,
      taken,
      missed,
      expected: taken + missed,
    });
    const days = [
      day('2026-11-01', 25, 0),
      day('2026-11-02', 20, 5),
      day('2026-11-03', 13, 12),
      day('2026-11-04', 2, 23),
      day('2026-11-05', 0, 25),
    ];
    const view = monthView('2026-11', { days }, '2026-11-23');
    expect(view.days.slice(0, 6).map(({ step }) => step)).toEqual([4, 3, 2, 1, 0, null]);
    expect([view.taken, view.expected]).toEqual([60, 125]);
  });
  test('leaves a day without due slots blank, whatever was taken by hand', () => {
    const days = [{ date: '2026-11-01', taken: 0, missed: 0, expected: 0 }];
    expect(monthView('2026-11', { days }, '2026-11-23').days[0]?.step).toBeNull();
  });
  test('turns over the year', () => {
    expect(monthAfter('2026-12', 1)).toBe('2027-01');
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
    expect(monthView('2024-02', null, '2026-01-01').days).toHaveLength(29);
  });
});
