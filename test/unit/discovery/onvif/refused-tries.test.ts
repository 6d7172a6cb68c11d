import { expect, it } from 'vitest';
import { RefusedTries } from '../../../../gateway/discovery/onvif/refused-tries.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const A = { username: 'admin', password: 'a' };
const B = { username: 'admin', password: 'b' };
const C = { username: 'admin', password: 'c' };

it('pauses credentials that were refused, and all after the second refusal, for five minutes from each', async () => {
  const clock = new FakeClock();
  const tries = new RefusedTries(clock);
  tries.add(['cam'], A);
  expect(tries.pausedForSec(['cam'], A)).toBe(300);
  expect(tries.pausedForSec(['cam'], B)).toBe(0);
  expect(tries.pausedForSec(['other'], A)).toBe(0);
  await clock.advance(60_000);
  tries.add(['cam'], B);
  expect(tries.pausedForSec(['cam'], C)).toBe(240);
  await clock.advance(239_999);
  expect(tries.pausedForSec(['cam'], C)).toBe(1);
  await clock.advance(1);
  expect(tries.pausedForSec(['cam'], C)).toBe(0);
  expect(tries.pausedForSec(['cam'], B)).toBe(60);
});

it('does not lift the pause when the wall clock is set', async () => {
  const clock = new FakeClock();
  const tries = new RefusedTries(clock);
  tries.add(['cam'], A);
  clock.setWallClock(clock.now() + 86_400_000);
  expect(tries.pausedForSec(['cam'], A)).toBe(300);
});
