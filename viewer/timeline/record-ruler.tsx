import { useCallback, useMemo } from 'preact/hooks';
import { dateText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { useScrub } from './use-scrub.ts';
import type { PictureIndex } from './picture-index.ts';
import type { TimelineStore } from './timeline-store.ts';

const BARS = 240;
const HEIGHT = 20;

/** The whole record from its first picture to its last, to scale: how dense it is, and where one stands; dragged, it runs through all of it. */
export function RecordRuler({ store }: { store: TimelineStore }) {
  const index = store.index.value;
  const density = useMemo(() => densityPath(index), [index]);
  const firstMs = index.timeAt(0);
  const lastMs = index.timeAt(index.length - 1);
  const { onPointerDown, onPointerMove } = useScrub(
    useCallback(
      (share: number) => {
        const all = store.index.peek();
        const from = all.timeAt(0);
        store.selectNear(from + share * (all.timeAt(all.length - 1) - from));
      },
      [store],
    ),
  );
  const atMs = index.timeAt(store.at.value);
  const share = lastMs > firstMs ? (atMs - firstMs) / (lastMs - firstMs) : 0;
  if (index.length === 0) return null;
  return (
    <div
      class="timeline-whole"
      role="slider"
      tabIndex={0}
      aria-label={translate('timeline.recordRuler')}
      aria-valuemin={1}
      aria-valuemax={index.length}
      aria-valuenow={store.at.value + 1}
      aria-valuetext={dateText(atMs)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
    >
      <span class="edge">{dateText(firstMs)}</span>
      <div class="in">
        <svg viewBox={`0 0 ${BARS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={density} />
        </svg>
        <i class="g-needle" style={{ left: `${share * 100}%` }} />
      </div>
      <span class="edge">{dateText(lastMs)}</span>
    </div>
  );
}

/** A bar for each stretch of time, as high as it has pictures; a stretch without any stays empty. */
function densityPath(index: PictureIndex): string {
  const firstMs = index.timeAt(0);
  const width = (index.timeAt(index.length - 1) - firstMs + 1) / BARS;
  const counts = Array.from({ length: BARS }, (_, bar) => {
    const fromMs = firstMs + bar * width;
    return index.firstFrom(fromMs + width) - index.firstFrom(fromMs);
  });
  const most = Math.max(1, ...counts);
  return counts
    .map((count, bar) => {
      const tall = Math.max(3, (count / most) * HEIGHT).toFixed(1);
      return count === 0 ? '' : `M${bar} ${HEIGHT}v-${tall}h.8v${tall}z`;
    })
    .join('');
}
