import { afterEach, describe, expect, it } from 'vitest';
import { slotSpreadMs } from '../../../gateway/snapshots/slot-spread.ts';
import { everyMinutes, RecordFixture } from './record-fixture.ts';

const MINUTE = 60_000;
const spread = slotSpreadMs('cam_a', 10 * MINUTE);
let fixture: RecordFixture;
afterEach(() => fixture.close());

const iso = (time: string): string => `2026-11-23T${time}.000Z`;
const slotsOf = (items: { scheduledFor: string | null }[]): (string | null)[] =>
  items.map((item) => item.scheduledFor);
const ofEach = async (): Promise<{ taken: number; missed: number; expected: number } | undefined> =>
  (await fixture.service.calendar('cam_a', '2026-11')).days.find((day) => day.date === '2026-11-23');

describe('a slot of the schedule', () => {
  it('gets the first key frame that arrives after it, and leaves the stream at once', async () => {
    fixture = await RecordFixture.open();
    fixture.connect();
    await fixture.clock.advance(9 * MINUTE);
    fixture.frame();
    await fixture.clock.advance(30_000 + spread + 1000);
    expect(fixture.feeds.status('cam_a', 'main').subscribers).toBe(1);
    const taken = fixture.nextTaken();
    fixture.frame();
    const frameAtMs = fixture.clock.now();
    expect(await taken).toMatchObject({
      scheduledFor: iso('02:10:00'),
      takenAt: new Date(frameAtMs).toISOString(),
      width: 320,
      height: 192,
      source: 'keyframe',
      quality: { verdict: 'ok' },
    });
    expect(fixture.feeds.status('cam_a', 'main').subscribers).toBe(0);
  });

  it('is tried again within its window and ends as a gap with the camera’s reason', async () => {
    fixture = await RecordFixture.open();
    fixture.feeds.fail('cam_a', 'main', {
      code: 'unreachable',
      message: 'no answer from 10.0.0.9',
      sinceMs: 0,
      retryAtMs: null,
    });
    await fixture.clock.advance(18 * MINUTE);
    expect(fixture.feeds.subscriptions.length).toBeGreaterThan(5);
    expect(fixture.gaps).toEqual([]);
    await fixture.clock.advance(2 * MINUTE);
    expect(fixture.gaps).toEqual([
      {
        cameraId: 'cam_a',
        scheduledFor: iso('02:10:00'),
        reason: 'unreachable',
        message: 'no answer from 10.0.0.9',
      },
    ]);
    expect(await fixture.service.missed('cam_a', 0)).toBe(1);
  });

  it('gets its picture when the camera comes back within the window', async () => {
    fixture = await RecordFixture.open();
    await fixture.clock.advance(12 * MINUTE);
    fixture.connect();
    await fixture.scheduledPicture();
    expect(slotsOf(fixture.taken)).toEqual([iso('02:10:00')]);
    expect(await ofEach()).toEqual({ date: '2026-11-23', expected: 1, taken: 1, missed: 0 });
  });

  it('is not due while the camera is disabled or in maintenance, and none is made up for later', async () => {
    fixture = await RecordFixture.open();
    fixture.cameras.set({ id: 'cam_a', enabled: false });
    await fixture.clock.advance(20 * MINUTE);
    fixture.cameras.set({
      id: 'cam_a',
      enabled: true,
      maintenanceUntilMs: fixture.clock.now() + 15 * MINUTE,
    });
    await fixture.clock.advance(15 * MINUTE);
    fixture.cameras.set({ id: 'cam_a', maintenanceUntilMs: null });
    await fixture.restart();
    await fixture.clock.advance(MINUTE);
    expect(fixture.gaps).toEqual([]);
    expect(fixture.feeds.subscriptions).toEqual([]);
  });

  it('that a new schedule adds in the past is none', async () => {
    fixture = await RecordFixture.open({ schedule: everyMinutes(60) });
    await fixture.clock.advance(45 * MINUTE);
    fixture.cameras.set({ id: 'cam_a', schedule: everyMinutes(5) });
    await fixture.clock.advance(4 * MINUTE);
    expect(fixture.gaps).toEqual([]);
    await fixture.clock.advance(6 * MINUTE);
    expect(slotsOf(fixture.gaps)).toEqual([iso('02:50:00')]);
  });

  it('of a camera that was removed leaves no gap', async () => {
    fixture = await RecordFixture.open();
    await fixture.clock.advance(12 * MINUTE);
    fixture.cameras.remove('cam_a');
    await fixture.clock.advance(20 * MINUTE);
    expect(fixture.gaps).toEqual([]);
  });

  it('is not lost to a schedule that another camera has wrong', async () => {
    fixture = await RecordFixture.open();
    fixture.cameras.set({ id: 'cam_b', schedule: '99 * * * *' });
    fixture.connect();
    await fixture.clock.advance(9.5 * MINUTE + spread + 1000);
    const taken = fixture.nextTaken();
    fixture.frame();
    expect(await taken).toMatchObject({ cameraId: 'cam_a' });
  });
});

describe('restarts and clocks', () => {
  it('record the slots of the time off as gaps, and serve the one still open', async () => {
    fixture = await RecordFixture.open();
    await fixture.restart(41 * MINUTE);
    fixture.connect();
    expect(await fixture.scheduledPicture()).toMatchObject({ scheduledFor: iso('02:40:00') });
    expect(slotsOf(fixture.gaps)).toEqual([iso('02:10:00'), iso('02:20:00'), iso('02:30:00')]);
    expect(fixture.gaps.every((gap) => gap.reason === 'not-running')).toBe(true);
    await fixture.restart();
    await fixture.clock.advance(2 * MINUTE);
    expect(fixture.gaps).toHaveLength(3);
    expect(fixture.taken).toHaveLength(1);
  });

  it('break off a slot without a gap, and finish it after the restart', async () => {
    fixture = await RecordFixture.open();
    await fixture.clock.advance(9.5 * MINUTE + spread + 1000);
    expect(fixture.feeds.status('cam_a', 'main').subscribers).toBe(1);
    await fixture.restart();
    expect(fixture.gaps).toEqual([]);
    fixture.connect();
    await fixture.clock.advance(2000);
    const taken = fixture.nextTaken();
    fixture.frame();
    expect(await taken).toMatchObject({ scheduledFor: iso('02:10:00') });
  });

  it('set back neither double a slot nor lose the ones that come again', async () => {
    fixture = await RecordFixture.open();
    fixture.connect();
    await fixture.clock.advance(9.5 * MINUTE + spread + 1000);
    const first = fixture.nextTaken();
    fixture.frame();
    await first;
    await fixture.clock.advance(1000);
    fixture.clock.setWallClock(iso('01:55:00'));
    const early = (async () => {
      await fixture.clock.advance(5 * MINUTE + spread + 2000);
      const taken = fixture.nextTaken();
      fixture.frame();
      return taken;
    })();
    expect(await early).toMatchObject({ scheduledFor: iso('02:00:00') });
    await fixture.clock.advance(11 * MINUTE);
    expect(slotsOf(fixture.taken)).toEqual([iso('02:10:00'), iso('02:00:00')]);
    expect(await fixture.service.verify('cam_a')).toMatchObject({ ok: true, checked: 2 });
  });

  it('set forward record what was jumped over; a picture taken after setting it right replaces the gap', async () => {
    fixture = await RecordFixture.open();
    fixture.connect();
    fixture.clock.setWallClock(iso('02:25:00'));
    await fixture.clock.advance(2000);
    await fixture.clock.advance(1000);
    expect(slotsOf(fixture.gaps)).toContain(iso('02:10:00'));
    fixture.clock.setWallClock(iso('02:09:59'));
    await fixture.clock.advance(spread + 3000);
    expect(await fixture.scheduledPicture()).toMatchObject({ scheduledFor: iso('02:10:00') });
    const gaps = await fixture.service.gaps('cam_a', 0, Date.parse(iso('23:00:00')));
    expect(slotsOf(gaps)).not.toContain(iso('02:10:00'));
  });

  it('never reach back further than 31 days', async () => {
    fixture = await RecordFixture.open({ schedule: everyMinutes(720) });
    await fixture.restart(100 * 1440 * MINUTE);
    await fixture.clock.advance(MINUTE);
    expect(fixture.gaps.length).toBeGreaterThanOrEqual(61);
    expect(fixture.gaps.length).toBeLessThanOrEqual(62);
  });
});

it('takes many cameras with one schedule at different moments', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => `cam_${index}`);
  fixture = await RecordFixture.open({ cameras: ids });
  const beganAt = new Map<string, number>();
  for (let second = 0; second < 9.5 * 60 + 62; second += 1) {
    await fixture.clock.advance(1000);
    for (const id of fixture.feeds.subscriptions) if (!beganAt.has(id)) beganAt.set(id, fixture.clock.now());
  }
  expect(beganAt.size).toBe(12);
  expect(new Set(beganAt.values()).size).toBeGreaterThan(6);
});
