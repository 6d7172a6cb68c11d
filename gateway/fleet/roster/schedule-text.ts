import { snapshotSchedule } from '../../contract/schedule.ts';
import type { SnapshotSchedule } from '../../contract/schedule.ts';

/** What the drop-down of the template offers. */
export const schedulePresets: readonly string[] = [
  '默认',
  '每 30 分钟，06:30 至 18:30',
  '每 1 小时，06:30 至 18:30',
  '每 10 分钟，06:30 至 18:30',
  '每 30 分钟，全天',
  '每 1 小时，全天',
];

const EVERY = /^(?:每|every)?\s*(\d{1,4})\s*(分钟|小时|minutes?|min|hours?|h)$/i;
const WINDOW = /^(\d{1,2}:\d{2})\s*(?:至|到|[-–—~]|to)\s*(\d{1,2}:\d{2})$/i;
const WEEKDAYS = /^(?:周|星期|weekdays?)\s*([1-7]{1,7})$/i;

/**
 * Reads `每 30 分钟，06:30 至 18:30`, `every 1 hour, 06:30-18:30`, either with `周 12345` behind, or a cron expression;
 * null means the gateway's own schedule, undefined that it is not understood.
 */
export function parseScheduleText(text: string): SnapshotSchedule | null | undefined {
  const plain = text.normalize('NFKC').trim();
  if (plain === '' || /^(默认|default)$/i.test(plain)) return null;
  const asCron = snapshotSchedule.safeParse(plain);
  if (asCron.success) return asCron.data;
  const [every = '', ...others] = plain.split(/\s*[,，、;]\s*/);
  const interval = EVERY.exec(every);
  if (!interval) return undefined;
  const [, count = '', unit = ''] = interval;
  const fields: Record<string, unknown> = {
    everyMin: Number(count) * (/^(小时|h)/i.test(unit) ? 60 : 1),
  };
  for (const part of others) {
    const window = WINDOW.exec(part);
    const weekdays = WEEKDAYS.exec(part)?.[1];
    if (window) {
      fields['from'] = padded(window[1]);
      fields['to'] = padded(window[2]);
    } else if (weekdays !== undefined) {
      fields['weekdays'] = Array.from(new Set(weekdays), Number).sort((a, b) => a - b);
    } else if (!/^(全天|all day)$/i.test(part)) {
      return undefined;
    }
  }
  return snapshotSchedule.safeParse(fields).data;
}

/** The text that `parseScheduleText` reads back; a plan of several parts has none and is named only. */
export function formatScheduleText(schedule: SnapshotSchedule | null): string {
  if (schedule === null) return '默认';
  if (typeof schedule === 'string') return schedule;
  if ('windows' in schedule) return '多段计划';
  const { everyMin, from, to, weekdays } = schedule;
  const every = everyMin % 60 === 0 ? `每 ${everyMin / 60} 小时` : `每 ${everyMin} 分钟`;
  const hours = from === '00:00' && to === '00:00' ? '全天' : `${from} 至 ${to}`;
  const days = weekdays.length === 7 ? [] : [`周 ${weekdays.join('')}`];
  return [every, hours, ...days].join('，');
}

/** 24:00 is the end of a day too. */
function padded(time = ''): string {
  const full = time.padStart(5, '0');
  return full === '24:00' ? '00:00' : full;
}
