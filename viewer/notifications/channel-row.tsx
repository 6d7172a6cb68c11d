import { useSignal } from '@preact/signals';
import type { NotificationChannel } from '../../gateway/contract/notification.ts';
import { notificationGateway } from '../api/notification-gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { momentText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { LampWord } from '../icons/lamp.tsx';
import { say } from '../shell/toast.tsx';
import { loadNotifications } from './notifications-store.ts';
import { RowActions } from './row-actions.tsx';

/** One channel: whether it works, where it leads, what can be done. */
export function ChannelRow({ channel, onEdit }: { channel: NotificationChannel; onEdit: () => void }) {
  const busy = useSignal(false);
  const { id, name, kind, hostName } = channel;
  const test = async (): Promise<void> => {
    busy.value = true;
    try {
      const { code } = await notificationGateway.testChannel(id);
      if (code === null) say(translate('notify.testOk', { name }));
      else say(translate('notify.testFailed', { name, why: translate(`notify.fault.${code}`) }));
      await loadNotifications();
    } catch (failure) {
      say(problemText(failure));
    }
    busy.value = false;
  };
  return (
    <div class="notify-item">
      <div class="notify-what">
        <b>{name}</b>
        <span class="dim">
          {translate(`notify.kind.${kind}`)} · {hostName}
        </span>
      </div>
      <ChannelState channel={channel} />
      <div class="notify-acts">
        <button
          class="g-btn s"
          aria-label={translate('notify.testNamed', { name })}
          aria-busy={busy.value}
          disabled={busy.value}
          onClick={() => void test()}
        >
          {translate('notify.test')}
        </button>
        <RowActions name={name} onEdit={onEdit} remove={() => notificationGateway.removeChannel(id)} />
      </div>
    </div>
  );
}

function ChannelState({ channel }: { channel: NotificationChannel }) {
  const { enabled, fault, lastSentAt, waiting } = channel;
  const when = (at: string): string => momentText(Date.parse(at), siteNow());
  const queue = waiting > 0 ? ` · ${translate('notify.waiting', { count: waiting })}` : '';
  const tail = `${lastSentAt === null ? translate('notify.never') : translate('notify.lastSent', { time: when(lastSentAt) })}${queue}`;
  if (!enabled) return <LampWord shape="off">{translate('notify.disabled')}</LampWord>;
  if (fault === null) return <LampWord shape={lastSentAt === null ? 'off' : 'ok'}>{tail}</LampWord>;
  return (
    <div class="notify-fault">
      <LampWord shape="bad">{translate(`notify.fault.${fault.code}`)}</LampWord>
      <span class="dim">
        {when(fault.at)}
        {queue}
      </span>
    </div>
  );
}
