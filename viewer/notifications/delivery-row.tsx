import type { NotificationDelivery } from '../../gateway/contract/notification.ts';
import { momentText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { LampWord } from '../icons/lamp.tsx';

const SHAPES = { sent: 'ok', waiting: 'warn', failed: 'bad' } as const;

/** One message: what it said, where it went, what became of it. */
export function DeliveryRow({ delivery }: { delivery: NotificationDelivery }) {
  const { title, channelName, state, fault, attempts, nextTryAt } = delivery;
  const when = (at: string): string => momentText(Date.parse(at), siteNow());
  return (
    <div class="notify-item">
      <div class="notify-what">
        <b>{title}</b>
        <span class="dim">
          {when(delivery.createdAt)} · {channelName}
        </span>
      </div>
      <div class="notify-fault">
        <LampWord shape={SHAPES[state]}>
          {fault === null ? translate(`notify.state.${state}`) : translate(`notify.fault.${fault.code}`)}
        </LampWord>
        {attempts > 1 || nextTryAt !== null ? (
          <span class="dim">
            {translate('notify.attempts', { count: attempts })}
            {nextTryAt === null ? '' : ` · ${translate('notify.state.retry', { time: when(nextTryAt) })}`}
          </span>
        ) : null}
      </div>
    </div>
  );
}
