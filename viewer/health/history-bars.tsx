import { useMemo } from 'preact/hooks';
import type { Light } from '../../gateway/contract/health.ts';
import { shareText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { dayPaths, halfHourPaths, hoursOf, withLight } from './bar-shapes.ts';
import type { OverviewItem } from './overview-store.ts';

/** The last 24 hours of a camera, a bar for each half hour: full is fine, half a warning, low is down. */
export function DayBars({ item, light }: { item: OverviewItem; light: Light }) {
  const halfHours = withLight(item.halfHours, light);
  const paths = useMemo(() => halfHourPaths(halfHours), [halfHours]);
  const { down, warn } = hoursOf(halfHours);
  const label =
    down + warn === 0 ? translate('health.dayFine') : translate('health.dayLabel', { down, warn });
  return (
    <svg class="health-bars" viewBox="0 0 144 18" width="144" height="18" role="img" aria-label={label}>
      <title>{label}</title>
      <path class="fine" d={paths.fine} />
      <path class="warn" d={paths.warn} />
      <path class="down" d={paths.down} />
      <path class="unknown" d={paths.unknown} />
    </svg>
  );
}

/** The last 30 days of a camera, as high as the share of each day that it was up, and the share over all. */
export function MonthBars({ item }: { item: OverviewItem }) {
  const paths = useMemo(() => dayPaths(item.days), [item.days]);
  const label = translate('health.monthLabel', { share: shareText(item.uptime) });
  return (
    <span class="health-month">
      <svg class="health-bars" viewBox="0 0 90 18" width="90" height="18" role="img" aria-label={label}>
        <title>{label}</title>
        <path class="fine" d={paths.fine} />
        <path class="down" d={paths.down} />
        <path class="unknown" d={paths.unknown} />
      </svg>
      <b>{shareText(item.uptime)}</b>
    </span>
  );
}
