import { nodeAt, numberAt, textAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';

/** A device's answer to GetSystemDateAndTime (ONVIF Core 8.3.4), in milliseconds since the epoch. */
export interface DeviceTime {
  /** What the device holds for UTC: by this it judges WS-Security tokens. */
  utcMs: number;
  /** UTC as its local time and zone give it, where it calls its local time UTC; else null. */
  mendedMs: number | null;
  /** Its POSIX time zone as it wrote it. */
  zone: string | null;
  daylightSavings: boolean;
  byNtp: boolean;
}

/** Two times nearer than this are the same answer written twice. */
const SAME_MS = 2000;

/** Reads GetSystemDateAndTimeResponse; null when no time can be made out. */
export function readDeviceTime(body: XmlNode): DeviceTime | null {
  const info = nodeAt(body, 'SystemDateAndTime');
  const zone = textAt(info, 'TimeZone', 'TZ')?.slice(0, 100) ?? null;
  const stated = readDateTime(nodeAt(info, 'UTCDateTime'));
  const local = readDateTime(nodeAt(info, 'LocalDateTime'));
  const offsetMin = posixOffsetMin(zone);
  const derived = local === null || offsetMin === null ? null : local + offsetMin * 60_000;
  const utcMs = stated ?? derived;
  if (utcMs === null) return null;
  const liesAboutUtc =
    stated !== null && local !== null && Math.abs(stated - local) < SAME_MS && offsetMin !== 0;
  return {
    utcMs,
    mendedMs: liesAboutUtc ? derived : null,
    zone,
    daylightSavings: textAt(info, 'DaylightSavings')?.toLowerCase() === 'true',
    byNtp: textAt(info, 'DateTimeType')?.toUpperCase() === 'NTP',
  };
}

/**
 * Camera time minus gateway time, ms: of the two readings of a clock that calls local time UTC, the one nearer to the
 * truth. `atMs` is the gateway's time in the middle between question and answer.
 */
export function driftMs({ utcMs, mendedMs }: DeviceTime, atMs: number): number {
  // Half a second, since the camera cuts its time to whole ones.
  const stated = utcMs + 500 - atMs;
  if (mendedMs === null) return stated;
  const mended = mendedMs + 500 - atMs;
  return Math.abs(mended) < Math.abs(stated) ? mended : stated;
}

function readDateTime(node: XmlNode | undefined): number | null {
  const at = (...path: string[]): number => numberAt(node, ...path) ?? Number.NaN;
  const year = at('Date', 'Year');
  // Date.UTC takes 0…99 for 1900…1999.
  if (!(year >= 1970 && year <= 9999)) return null;
  const time = Date.UTC(
    year,
    at('Date', 'Month') - 1,
    at('Date', 'Day'),
    at('Time', 'Hour'),
    at('Time', 'Minute'),
    at('Time', 'Second'),
  );
  return Number.isNaN(time) ? null : time;
}

/** Minutes to add to local time to get UTC, out of a POSIX zone such as `CST-8` or `<+0530>-5:30`. */
function posixOffsetMin(zone: string | null): number | null {
  const match = /^(?:<[^>]{1,20}>|[a-z]{1,20})([+-]?)(\d{1,2})(?::(\d{2}))?/i.exec(zone ?? '');
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}
