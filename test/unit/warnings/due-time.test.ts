import { describe, expect, it } from 'vitest';
import { afterQuiet, digestTime } from '../../../gateway/warnings/due-time.ts';

const ZONE = 'Asia/Shanghai';
const at = (local: string, offset = '+08:00'): number => Date.parse(`${local}:00${offset}`);

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00', redBreaksThrough: false };
  const noon = { from: '12:00', to: '14:00', redBreaksThrough: false };
  it.each([
    [night, '2026-11-23T21:59', '2026-11-23T21:59'],
    [night, '2026-11-23T22:00', '2026-11-24T07:00'],
    [night, '2026-11-23T23:59', '2026-11-24T07:00'],
    [night, '2026-11-24T00:00', '2026-11-24T07:00'],
    [night, '2026-11-24T06:59', '2026-11-24T07:00'],
    [night, '2026-11-24T07:00', '2026-11-24T07:00'],
    [noon, '2026-11-24T12:00', '2026-11-24T14:00'],
    [noon, '2026-11-24T14:00', '2026-11-24T14:00'],
    [null, '2026-11-24T03:00', '2026-11-24T03:00'],
  ])('%j holds %s until %s', (quiet, from, to) => {
    expect(afterQuiet(at(from), quiet, 'yellow', ZONE)).toBe(at(to));
  });

  it('let red through by choice, and never yellow', () => {
    const open = { ...night, redBreaksThrough: true };
    const midnight = at('2026-11-24T00:00');
    expect(afterQuiet(midnight, open, 'red', ZONE)).toBe(midnight);
    expect(afterQuiet(midnight, open, 'yellow', ZONE)).toBe(at('2026-11-24T07:00'));
  });

  it('are by the site’s clock over a change of summer time', () => {
    const before = at('2026-10-25T01:00', '+02:00');
    expect(afterQuiet(before, night, 'red', 'Europe/Berlin')).toBe(at('2026-10-25T07:00', '+01:00'));
  });
});

describe('digests', () => {
  const every = (minutes: number) => ({ kind: 'every', minutes }) as const;
  it.each([
    [{ kind: 'immediate' } as const, '2026-11-23T10:07', '2026-11-23T10:07'],
    [every(30), '2026-11-23T10:07', '2026-11-23T10:30'],
    [every(30), '2026-11-23T10:30', '2026-11-23T10:30'],
    [every(1440), '2026-11-23T10:30', '2026-11-24T00:00'],
    [every(1000), '2026-11-23T17:00', '2026-11-24T00:00'],
    [{ kind: 'daily', at: '08:00' } as const, '2026-11-23T07:59', '2026-11-23T08:00'],
    [{ kind: 'daily', at: '08:00' } as const, '2026-11-23T08:01', '2026-11-24T08:00'],
    [{ kind: 'daily', at: '00:00' } as const, '2026-11-23T23:59', '2026-11-24T00:00'],
  ])('%j takes %s to %s', (digest, from, to) => {
    expect(digestTime(at(from), digest, ZONE)).toBe(at(to));
  });
});
