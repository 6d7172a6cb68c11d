import { instantOf, localDate } from '../base/local-time.ts';
import type { SnapshotCalendar } from '../contract/snapshot.ts';
import { dateAfter } from './slots-of-day.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/**
 * The days of a month (`2026-11`) in the site's time zone. Every slot that was due ends in a picture or a gap, so what was
 * expected is their sum, whatever schedule was in force then; slots while disabled or in maintenance were never due.
 */
export async function snapshotCalendar(
  store: SnapshotStore,
  cameraId: string,
  month: string,
  timeZone: string,
): Promise<SnapshotCalendar> {
  const days = new Map<string, { taken: number; missed: number }>();
  let date = `${month}-01`;
  for (; date.startsWith(month); date = dateAfter(date)) days.set(date, { taken: 0, missed: 0 });
  const fromMs = instantOf(`${month}-01`, 0, 0, timeZone);
  const toMs = instantOf(date, 0, 0, timeZone);
  for (const slotMs of await store.slotsTaken(cameraId, fromMs, toMs)) {
    const day = days.get(localDate(slotMs, timeZone));
    if (day) day.taken += 1;
  }
  for (const gap of await store.gaps(cameraId, fromMs, toMs)) {
    const day = days.get(localDate(gap.scheduled_for_ms, timeZone));
    if (day) day.missed += 1;
  }
  return {
    days: [...days].map(([name, { taken, missed }]) => ({
      date: name,
      expected: taken + missed,
      taken,
      missed,
    })),
  };
}
