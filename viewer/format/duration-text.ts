import { translate } from '../i18n/translate.ts';
import { dateText, minuteText } from './clock-text.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something has lasted, as in `51 分钟` or `3 天 4 小时`. */
export function durationText(ms: number): string {
  if (ms < MINUTE) return translate('time.lessThanMinute');
  if (ms < HOUR) return translate('time.minutes', { count: Math.floor(ms / MINUTE) });
  if (ms < DAY) {
    return translate('time.hours', {
      hours: Math.floor(ms / HOUR),
      minutes: Math.floor((ms % HOUR) / MINUTE),
    });
  }
  return translate('time.days', { days: Math.floor(ms / DAY), hours: Math.floor((ms % DAY) / HOUR) });
}

/** How old a picture is: relative under 24 hours, its date and time after. */
export function ageText(atMs: number, nowMs: number): string {
  const age = Math.max(0, nowMs - atMs);
  if (age < 10_000) return translate('time.justNow');
  if (age < MINUTE) return translate('time.secondsAgo', { count: Math.floor(age / 1000) });
  if (age < HOUR) return translate('time.minutesAgo', { count: Math.floor(age / MINUTE) });
  if (age < DAY) return translate('time.hoursAgo', { count: Math.floor(age / HOUR) });
  return `${dateText(atMs).slice(5)} ${minuteText(atMs)}`;
}

/** A short delay in seconds, as in `0.6 秒`. */
export function secondsText(seconds: number): string {
  return translate('time.seconds', { seconds: seconds < 10 ? seconds.toFixed(1) : Math.round(seconds) });
}
