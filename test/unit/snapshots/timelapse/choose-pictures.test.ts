import { describe, expect, it } from 'vitest';
import { choosePictures } from '../../../../gateway/snapshots/timelapse/choose-pictures.ts';
import type { TimelapsePicture } from '../../../../gateway/snapshots/timelapse/choose-pictures.ts';

type Verdict = TimelapsePicture['verdict'];

async function* pictures(...taken: (string | [string, Verdict])[]): AsyncGenerator<TimelapsePicture> {
  for (const one of taken) {
    const [at, verdict] = typeof one === 'string' ? [one, 'ok' as const] : one;
    yield { takenAtMs: Date.parse(at), luma: 100, verdict, blobKey: at };
  }
}

async function chosen(
  wish: { everyMin?: number; hour?: number; timeZone?: string; most?: number },
  ...taken: (string | [string, Verdict])[]
) {
  const { everyMin = null, hour = null, timeZone = 'Asia/Shanghai', most = 100 } = wish;
  const found = await choosePictures(pictures(...taken), { everyMin, hour, timeZone }, most);
  if (found.kind === 'too-many') return 'too-many';
  return { shown: found.pictures.map(({ blobKey }) => blobKey), skipped: found.skipped };
}

describe('the pictures of a film', () => {
  it('are all that show the site, when nothing is said', async () => {
    expect(
      await chosen(
        {},
        '2026-11-23T01:00:00Z',
        ['2026-11-23T02:00:00Z', 'black'],
        ['2026-11-23T03:00:00Z', 'moved'],
        ['2026-11-23T04:00:00Z', 'blurred'],
        ['2026-11-23T05:00:00Z', 'covered'],
      ),
    ).toEqual({ shown: ['2026-11-23T01:00:00Z', '2026-11-23T03:00:00Z'], skipped: 3 });
  });

  it('are one an interval, the nearest to it', async () => {
    expect(
      await chosen(
        { everyMin: 60 },
        '2026-11-23T01:10:00Z',
        '2026-11-23T01:20:00Z',
        '2026-11-23T01:40:00Z',
        '2026-11-23T02:05:00Z',
      ),
    ).toEqual({ shown: ['2026-11-23T01:10:00Z', '2026-11-23T02:05:00Z'], skipped: 0 });
  });

  it('are one a day near the local hour; a dark one gives way to its neighbour, a far one to nobody', async () => {
    expect(
      await chosen(
        { hour: 12 },
        // 12:00 at the site is 04:00 UTC.
        '2026-11-20T03:30:00Z',
        '2026-11-20T04:10:00Z',
        ['2026-11-21T04:00:00Z', 'black'],
        '2026-11-21T04:30:00Z',
        '2026-11-22T08:00:00Z',
        ['2026-11-23T04:00:00Z', 'covered'],
      ),
    ).toEqual({ shown: ['2026-11-20T04:10:00Z', '2026-11-21T04:30:00Z'], skipped: 1 });
  });

  it('keep to the wall clock when summer time ends', async () => {
    expect(
      await chosen(
        { hour: 9, timeZone: 'Europe/Berlin' },
        '2026-10-24T07:00:00Z',
        '2026-10-24T08:00:00Z',
        '2026-10-25T07:00:00Z',
        '2026-10-25T08:00:00Z',
      ),
    ).toEqual({ shown: ['2026-10-24T07:00:00Z', '2026-10-25T08:00:00Z'], skipped: 0 });
  });

  it('are nearest to midnight on either side of it', async () => {
    expect(await chosen({ hour: 0 }, '2026-11-22T15:55:00Z', '2026-11-22T16:20:00Z')).toEqual({
      shown: ['2026-11-22T15:55:00Z'],
      skipped: 0,
    });
  });

  it('are refused when there are too many, before they are all read', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<TimelapsePicture> {
      for (;;) {
        read += 1;
        yield { takenAtMs: read * 60_000, luma: 1, verdict: 'ok', blobKey: '' };
      }
    }
    const wish = { everyMin: null, hour: null, timeZone: 'UTC' };
    expect(await choosePictures(endless(), wish, 50)).toEqual({ kind: 'too-many' });
    expect(read).toBeLessThan(60);
  });
});
