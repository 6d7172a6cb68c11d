import { describe, expect, it } from 'vitest';
import { SignInThrottle } from '../../../../gateway/web/access/sign-in-throttle.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

function fail(throttle: SignInThrottle, times: number, username = 'a', address = '192.0.2.1'): void {
  for (let count = 0; count < times; count += 1) throttle.begin(username, address);
}

describe('the throttle of sign-ins', () => {
  it('waits longer each time, up to a quarter of an hour', async () => {
    const clock = new FakeClock();
    const throttle = new SignInThrottle(clock);
    fail(throttle, 10);
    const waits: (number | null)[] = [];
    for (let count = 0; count < 7; count += 1) {
      const waitSec = throttle.begin('a', '192.0.2.1');
      waits.push(waitSec);
      await clock.advance((waitSec ?? 0) * 1000);
      throttle.begin('a', '192.0.2.1');
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
  });

  it('lets the person in from elsewhere while someone guesses', () => {
    const throttle = new SignInThrottle(new FakeClock());
    fail(throttle, 30, 'admin', '203.0.113.7');
    expect(throttle.begin('ADMIN', '203.0.113.7')).toBeGreaterThan(0);
    expect(throttle.begin('admin', '192.0.2.1')).toBeNull();
  });

  it('stops an address that tries many names, and an account that many addresses try', () => {
    const throttle = new SignInThrottle(new FakeClock());
    for (let count = 0; count < 60; count += 1) throttle.begin(`user${count}`, '203.0.113.7');
    expect(throttle.begin('fresh', '203.0.113.7')).toBe(30);
    for (let count = 0; count < 60; count += 1) throttle.begin('boss', `198.51.100.${count}`);
    expect(throttle.begin('boss', '192.0.2.1')).toBe(30);
  });

  it('counts no success, however many there are', () => {
    const throttle = new SignInThrottle(new FakeClock());
    for (let count = 0; count < 500; count += 1) {
      expect(throttle.begin('a', '192.0.2.1')).toBeNull();
      throttle.succeeded('a', '192.0.2.1');
    }
  });

  it('forgets after a quiet hour', async () => {
    const clock = new FakeClock();
    const throttle = new SignInThrottle(clock);
    fail(throttle, 9);
    await clock.advance(60 * 60_000);
    fail(throttle, 9);
    expect(throttle.begin('a', '192.0.2.1')).toBeNull();
  });
});
