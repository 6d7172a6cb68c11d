import { user } from '../api/session.ts';
import { clockText, dateText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';

/** Who looks and since when, faint all over the picture: a photographed screen tells whose it was. */
export function Watermark({ id }: { id: string }) {
  const shownSince = siteNow();
  const words = `${user.value?.displayName ?? ''} ${dateText(shownSince).slice(5)} ${clockText(shownSince).slice(0, 5)}`;
  return (
    <svg class="timeline-watermark" width="100%" height="100%" aria-hidden="true">
      <defs>
        <pattern
          id={id}
          width="260"
          height="150"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-18)"
        >
          <text x="0" y="60">
            {words}
          </text>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
