import { instantOf } from '../base/local-time.ts';
import type { SnapshotCalendar } from '../contract/snapshot.ts';
import { dateAfter } from './slots-of-day.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/**
 * The days of a month (`2026-11`) in the site's time zone. Every slot that was due ends in a picture or a gap, so what was
 * expected is their sum, whatever schedule was in force then; slots while disabled or in maintenance were never due.
 * Pictures that retention removed were taken all the same.
 */
export async function snapshotCalendar(
  store: SnapshotStore,
  cameraId: string,
  month: string,
  timeZone: string,
): Promise<SnapshotCalendar> {
  const dates: string[] = [];
  for (let date = `${month}-01`; date.startsWith(month); date = dateAfter(date)) dates.push(date);
  const days = dates.map((date) => ({
    fromMs: instantOf(date, 0, 0, timeZone),
    toMs: instantOf(dateAfter(date), 0, 0, timeZone),
  }));
  const counts = await store.slotCounts(cameraId, days);
  return {
    days: dates.map((date, index) => {
      const { taken, missed } = counts[index] ?? { taken: 0, missed: 0 };
      return { date, expected: taken + missed, taken, missed };
    }),
  };
}
