import { translate } from '../i18n/translate.ts';
import { siteFields } from './site-time.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:32:08`, the site's clock. */
export function clockText(atMs: number): string {
  const { hour, minute, second } = siteFields(atMs);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

/** `14:32`, the site's clock. */
export function minuteText(atMs: number): string {
  return clockText(atMs).slice(0, 5);
}

/** `2026-11-23`, the date at the site. */
export function dateText(atMs: number): string {
  const { year, month, day } = siteFields(atMs);
  return `${year}-${two(month)}-${two(day)}`;
}

/** `11-23 周一` or `11-23 Mon`. */
export function dayText(atMs: number): string {
  return `${dateText(atMs).slice(5)} ${weekdayText(atMs)}`;
}

/** `周一` or `Mon`. */
export function weekdayText(atMs: number): string {
  return translate(`time.weekday${siteFields(atMs).weekday}`);
}

/** `14:32` today, `11-22 14:32` on another day. */
export function momentText(atMs: number, nowMs: number): string {
  const sameDay = dateText(atMs) === dateText(nowMs);
  return sameDay ? minuteText(atMs) : `${dateText(atMs).slice(5)} ${minuteText(atMs)}`;
}
