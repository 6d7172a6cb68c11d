import { expect, test } from 'vitest';
import { choiceOf, picturesADay, scheduleOf } from '../../../../viewer/schedule/schedule-choice.ts';

const days = [1, 2, 3, 4, 5, 6, 7];

test('a choice from the list comes back as the same choice', () => {
  for (const choice of ['site', '10', '30', '120'] as const) {
    expect(choiceOf(scheduleOf(choice, null))).toBe(choice);
  }
  expect(choiceOf(scheduleOf('own', null))).toBe('own');
});

test('own hours and cron expressions stay what they are', () => {
  const night = { everyMin: 30, from: '20:00', to: '00:00', weekdays: days };
  expect(choiceOf(night)).toBe('own');
  expect(scheduleOf('own', night)).toBe(night);
  expect(scheduleOf('own', '*/15 7-18 * * *')).toBe('*/15 7-18 * * *');
});

test('pictures of a day are counted from midnight, the end not included', () => {
  expect(picturesADay({ everyMin: 30, from: '06:30', to: '18:30', weekdays: days })).toBe(24);
  expect(picturesADay({ everyMin: 60, from: '06:30', to: '18:30', weekdays: days })).toBe(12);
  expect(picturesADay({ everyMin: 120, from: '00:00', to: '00:00', weekdays: days })).toBe(12);
  expect(picturesADay(null)).toBeNull();
});
