import { expect, test } from 'vitest';
import { startDateDelay } from '../../../../viewer/player/start-date-delay.ts';

test('Safari tells the moment of capture: the delay is counted from it', () => {
  const begun = new Date(Date.now() - 62_500);
  const delaySec = startDateDelay({ currentTime: 60, getStartDate: () => begun });
  expect(delaySec).toBeGreaterThan(2.4);
  expect(delaySec).toBeLessThan(3);
});

test.each([
  ['without the date', { currentTime: 60 }],
  ['with a date that is none', { currentTime: 60, getStartDate: () => new Date(Number.NaN) }],
  ['before it plays', { currentTime: 0, getStartDate: () => new Date() }],
])('%s no delay is shown', (_name, video) => {
  expect(startDateDelay(video)).toBeNull();
});
