import { useSignal } from '@preact/signals';
import { dateText, minuteText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import type { ShareInfo } from '../../gateway/contract/share.ts';

type Pair = Extract<ShareInfo, { kind: 'pair' }>;

const STEP_PERCENT = 0.5;

/** Two pictures one over the other, parted by a bar that a finger, a mouse or the arrow keys move. */
export function SharedPair({ path, info }: { path: string; info: Pair }) {
  const part = useSignal(50);
  const ratio = `${info.right.width} / ${info.right.height}`;
  return (
    <section class="share-stage">
      <div
        class="share-compare"
        ref={(element) => {
          element?.style.setProperty('--part', `${part.value}%`);
          element?.style.setProperty('aspect-ratio', ratio);
          element?.style.setProperty(
            'width',
            `calc((100dvh - 210px) * ${info.right.width / info.right.height})`,
          );
        }}
      >
        <img src={`${path}/picture/right`} alt={labelOf(info.right)} />
        <img class="then" src={`${path}/picture/left`} alt={labelOf(info.left)} />
        <input
          type="range"
          min="0"
          max="100"
          step={STEP_PERCENT}
          value={part.value}
          aria-label={translate('share.slider')}
          onInput={(event) => (part.value = Number(event.currentTarget.value))}
        />
        <span class="bar" />
        <span class="grip">
          <svg
            width="20"
            height="20"
            viewBox="0 0 20 20"
            fill="none"
            stroke="currentColor"
            aria-hidden="true"
          >
            <path d="M8 5 3 10l5 5M12 5l5 5-5 5" stroke-width="1.5" />
          </svg>
        </span>
        <span class="g-plate bl">{timeOf(info.left)}</span>
        <span class="g-plate br">{timeOf(info.right)}</span>
      </div>
      <dl class="share-times">
        <div>
          <dt>{translate('share.then')}</dt>
          <dd>{labelOf(info.left)}</dd>
        </div>
        <div>
          <dt>{translate('share.now')}</dt>
          <dd>{labelOf(info.right)}</dd>
        </div>
      </dl>
    </section>
  );
}

function timeOf({ takenAt }: Pair['left']): string {
  const at = Date.parse(takenAt);
  return `${dateText(at)} ${minuteText(at)}`;
}

function labelOf(picture: Pair['left']): string {
  return translate('share.pictureOf', { camera: picture.cameraName, time: timeOf(picture) });
}
