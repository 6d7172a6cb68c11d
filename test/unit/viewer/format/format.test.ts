import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clockText, dateText, dayText, momentText } from '../../../../viewer/format/clock-text.ts';
import { ageText, durationText, secondsText } from '../../../../viewer/format/duration-text.ts';
import {
  bitrateText,
  bytesText,
  codecText,
  hashText,
  shareText,
  sizeText,
} from '../../../../viewer/format/measure-text.ts';
import { language } from '../../../../viewer/i18n/translate.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = new Date(2026, 10, 23, 14, 32, 8).getTime();

beforeEach(() => {
  language.value = 'zh';
});
afterEach(() => {
  language.value = 'zh';
});

describe('the age of a picture', () => {
  test.each([
    [3000, '刚刚'],
    [-5000, '刚刚'],
    [35_000, '35 秒前'],
    [2 * MINUTE, '2 分钟前'],
    [59.9 * MINUTE, '59 分钟前'],
    [5 * HOUR, '5 小时前'],
    [26 * HOUR, '11-22 12:32'],
  ])('of %d ms is %s', (ageMs, words) => expect(ageText(now - ageMs, now)).toBe(words));

  test('is said in English', () => {
    language.value = 'en';
    expect(ageText(now - 2 * MINUTE, now)).toBe('2 min ago');
  });
});

describe('a duration', () => {
  test.each([
    [20_000, '不到 1 分钟'],
    [51 * MINUTE, '51 分钟'],
    [HOUR + 28 * MINUTE, '1 小时 28 分'],
    [76 * HOUR, '3 天 4 小时'],
  ])('of %d ms is %s', (ms, words) => expect(durationText(ms)).toBe(words));

  test('of seconds keeps a digit under ten', () => {
    expect(secondsText(0.62)).toBe('0.6 秒');
    expect(secondsText(12.4)).toBe('12 秒');
  });
});

test('clock and date are local', () => {
  expect(clockText(now)).toBe('14:32:08');
  expect(dateText(now)).toBe('2026-11-23');
  expect(dayText(now)).toBe('11-23 周一');
  language.value = 'en';
  expect(dayText(now)).toBe('11-23 Mon');
});

test('a moment names its day only when it is another', () => {
  expect(momentText(now - HOUR, now)).toBe('13:32');
  expect(momentText(now - 24 * HOUR, now)).toBe('11-22 14:32');
});

test('measures have their units, and a dash when unknown', () => {
  expect(bitrateText(3820)).toBe('3.8 Mbps');
  expect(bitrateText(640.4)).toBe('640 kbps');
  expect(bitrateText(null)).toBe('—');
  expect(sizeText(1920, 1080)).toBe('1920×1080');
  expect(sizeText(1920, null)).toBe('—');
  expect(bytesText(2_100_000)).toBe('2.1 MB');
  expect(bytesText(300)).toBe('1 kB');
  expect(codecText('hevc')).toBe('H.265');
  expect(codecText('H264')).toBe('H.264');
  expect(codecText('mjpeg')).toBe('MJPEG');
  expect(hashText('9f3ca71e00')).toBe('9f3c a71e');
});

test('a share never rounds up to all', () => {
  expect(shareText(0.9999)).toBe('99.9%');
  expect(shareText(1)).toBe('100%');
  expect(shareText(null)).toBe('—');
});
