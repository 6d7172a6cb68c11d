import { afterEach, describe, expect, test } from 'vitest';
import type { CameraCheck } from '../../../../gateway/contract/camera.ts';
import { findingsOf, lampOf, levelOf } from '../../../../viewer/check/check-findings.ts';
import { clockCell, findingTitle, findingWhy } from '../../../../viewer/check/finding-text.ts';
import { language } from '../../../../viewer/i18n/translate.ts';

const stream = {
  codec: 'h264',
  profile: 'High',
  width: 1920,
  height: 1080,
  fps: 25,
  bitrateKbps: 3800,
  gopSec: 2,
  audio: null,
};
const well: CameraCheck = { ok: true, steps: [], main: stream, sub: stream, advice: [], clockDriftSec: 0.4 };

afterEach(() => {
  language.value = 'zh';
});

describe('what a check found', () => {
  test('is nothing on a camera that is well', () => {
    expect(findingsOf(well)).toEqual([]);
    expect(lampOf([])).toBe('ok');
  });
  test('blocks a camera whose clock is eight hours off, and can be set right', () => {
    const [clock, ...rest] = findingsOf({ ...well, clockDriftSec: -28_980 });
    expect(rest).toEqual([]);
    expect(clock).toMatchObject({ code: 'clock', level: 'bad', fix: 'clock' });
    expect(clock && findingTitle(clock)).toBe('时钟慢 8 小时 3 分');
  });
  test('advises on H.265, long key frame intervals, high bitrates, few frames, small pictures, no sub stream', () => {
    const main = { ...stream, codec: 'h265', height: 720, fps: 12, bitrateKbps: 6200, gopSec: 10 };
    const found = findingsOf({ ...well, main, sub: null });
    expect(found.map(({ code }) => code)).toEqual(['codec', 'gop', 'bitrate', 'fps', 'size', 'noSub']);
    expect(lampOf(found)).toBe('warn');
    expect([levelOf(found, 'gop'), levelOf(found, 'clock')]).toEqual(['warn', 'ok']);
  });
  test('shows the step at which the camera was lost, red first', () => {
    const lost = { name: 'auth', ok: false, ms: 3, code: 'auth-paused', message: 'later' } as const;
    const found = findingsOf({ ...well, ok: false, steps: [lost], main: { ...stream, codec: 'h265' } });
    expect(found.map(({ code, level }) => [code, level])).toEqual([
      ['authPaused', 'bad'],
      ['codec', 'warn'],
    ]);
  });
  test('words the gateway’s advice anew, figures included', () => {
    const values = { receivedMbps: 3.1, advertisedMbps: 8 };
    const message = 'uplink carries 3.1 of 8 Mb/s';
    const [found] = findingsOf({ ...well, advice: [{ code: 'uplink', message, values, action: null }] });
    expect(found && findingTitle(found)).toBe('上行只到 3.1 / 8 Mbps');
    expect(found?.level).toBe('warn');
  });
  test('hands on advice that it has no words of its own for', () => {
    const unknown = { code: 'new' as 'uplink', message: 'do this', values: {}, action: null };
    const [other] = findingsOf({ ...well, advice: [unknown] });
    expect(other && findingWhy(other)).toBe('do this');
  });
});

test('a clock’s error is told in words', () => {
  expect([null, 0.2, 7, -462, 200_000].map(clockCell)).toEqual([
    '—',
    '准',
    '时钟快 7 秒',
    '时钟慢 7 分 42 秒',
    '时钟快 2 天 7 小时',
  ]);
});
