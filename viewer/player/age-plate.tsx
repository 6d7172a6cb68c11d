import { now } from '../shell/now.ts';
import { ageText } from '../format/duration-text.ts';
import { momentText } from '../format/clock-text.ts';
import { Icon } from '../icons/icon.tsx';

/** The plate of a picture that is not live: clock icon, time, age. */
export function AgePlate({ at, corner = 'bl' }: { at: number; corner?: 'tl' | 'bl' | 'br' }) {
  return (
    <span class={`g-plate ${corner}`}>
      <Icon name="clock" small />
      {momentText(at, now.value)}
      <span class="dim">{ageText(at, now.value)}</span>
    </span>
  );
}
