import { translate } from '../i18n/translate.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:32:08`, local time. */
export function clockText(atMs: number): string {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `14:32`, local time. */
export function minuteText(atMs: number): string {
  return clockText(atMs).slice(0, 5);
}

/** `2026-11-23`, the local calendar date. */
export function dateText(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** `11-23 周一` or `11-23 Mon`. */
export function dayText(atMs: number): string {
  return `${dateText(atMs).slice(5)} ${weekdayText(atMs)}`;
}

/** `周一` or `Mon`. */
export function weekdayText(atMs: number): string {
  const weekday = (new Date(atMs).getDay() || 7) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
  return translate(`time.weekday${weekday}`);
}

/** `14:32` today, `11-22 14:32` on another day. */
export function momentText(atMs: number, nowMs: number): string {
  const sameDay = dateText(atMs) === dateText(nowMs);
  return sameDay ? minuteText(atMs) : `${dateText(atMs).slice(5)} ${minuteText(atMs)}`;
}
