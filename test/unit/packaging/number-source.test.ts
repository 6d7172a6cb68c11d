import { expect, it } from 'vitest';
import { NumberSource } from '../../../gateway/packaging/number-source.ts';
import { FakeClock } from '../../support/fake-clock.ts';

it('numbers grow at each call, with time, and over a restart a second later', async () => {
  const clock = new FakeClock();
  const numbers = new NumberSource(clock);
  const [first, second] = [numbers.next(), numbers.next()];
  expect(second).toBe(first + 1);
  await clock.advance(10_000);
  expect(numbers.next()).toBe(first + 10);
  expect(new NumberSource(clock).next()).toBeGreaterThanOrEqual(first + 10);
  expect(first).toBeLessThan(2 ** 31);
});
