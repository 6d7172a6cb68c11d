import { dayPartAt, type DayPart } from './picture/day-light.ts';

/** The day and light the pictures are made for. */
export interface SiteMoment {
  /** Days since 1970-01-01 of the site's calendar. */
  dayNumber: number;
  part: DayPart;
}

const dayMs = 86_400_000;

/** Day and light at a moment in the site's time zone; `date` and `hour` take their places where given. */
export function siteMoment(
  unixMs: number,
  timeZone: string | undefined,
  date: string | undefined,
  hour: number | undefined,
): SiteMoment {
  const two = '2-digit';
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: two,
    day: two,
    hour: two,
    minute: two,
    hourCycle: 'h23',
  });
  const [day = '', time = ''] = format.format(unixMs).split(' ');
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return {
    dayNumber: Math.floor(Date.parse(`${date ?? day}T00:00:00Z`) / dayMs),
    part: dayPartAt(hour ?? hours + minutes / 60),
  };
}
