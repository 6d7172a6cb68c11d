import { describe, expect, it } from 'vitest';
import { driftMs, readDeviceTime } from '../../../../gateway/discovery/onvif/device-time.ts';
import type { XmlNode } from '../../../../gateway/discovery/soap/xml-node.ts';
import { readXml } from '../../../../gateway/discovery/soap/xml-reader.ts';

const HALF_PAST_SIX = Date.UTC(2026, 10, 23, 6, 30, 5);
const HOUR_MS = 3_600_000;

function answer(inside: string): XmlNode {
  const read = readXml(Buffer.from(`<R><SystemDateAndTime>${inside}</SystemDateAndTime></R>`));
  if (!read.ok) throw new Error(read.message);
  return read.root;
}

const date = (day: number, hour: number): string =>
  `<Time><Hour>${hour}</Hour><Minute>30</Minute><Second>5</Second></Time><Date><Year>2026</Year><Month>11</Month><Day>${day}</Day></Date>`;
const utc = (day: number, hour: number): string => `<UTCDateTime>${date(day, hour)}</UTCDateTime>`;
const local = (day: number, hour: number): string => `<LocalDateTime>${date(day, hour)}</LocalDateTime>`;
const zone = (text: string): string => `<TimeZone><TZ>${text}</TZ></TimeZone>`;

describe('readDeviceTime', () => {
  it('takes UTC where it is given', () => {
    expect(readDeviceTime(answer(utc(23, 6) + local(1, 1)))?.utcMs).toBe(HALF_PAST_SIX);
  });
  it('counts back from local time by its POSIX zone', () => {
    for (const text of ['CST-8', '&lt;+08&gt;-8', 'CST-08:00:00']) {
      expect(readDeviceTime(answer(zone(text) + local(23, 14)))?.utcMs).toBe(HALF_PAST_SIX);
    }
  });
  it('keeps what is needed to set the time without touching the zone', () => {
    const told = readDeviceTime(
      answer(
        `<DateTimeType>NTP</DateTimeType><DaylightSavings>true</DaylightSavings>${zone('CST-8')}${utc(23, 6)}`,
      ),
    );
    expect(told).toMatchObject({ zone: 'CST-8', daylightSavings: true, byNtp: true });
  });
  it('gives null for a time that is none', () => {
    for (const inside of [
      '',
      '<UTCDateTime/>',
      '<UTCDateTime><Date><Year>20x6</Year></Date></UTCDateTime>',
      local(1, 1),
    ]) {
      expect(readDeviceTime(answer(inside))).toBeNull();
    }
  });
});

describe('driftMs', () => {
  it('does not count eight hours against a camera that calls its local time UTC', () => {
    const told = readDeviceTime(answer(zone('CST-8') + utc(23, 14) + local(23, 14)));
    expect(told && driftMs(told, HALF_PAST_SIX + 500)).toBe(0);
    // Tokens are judged by what the camera itself takes for UTC.
    expect(told?.utcMs).toBe(HALF_PAST_SIX + 8 * HOUR_MS);
  });
  it('does count them against one whose UTC and local time agree with its zone', () => {
    const told = readDeviceTime(answer(zone('CST-8') + utc(23, 14) + local(23, 22)));
    expect(told && driftMs(told, HALF_PAST_SIX + 500)).toBe(8 * HOUR_MS);
  });
});
