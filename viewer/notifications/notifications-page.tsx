import './notifications.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { translate } from '../i18n/translate.ts';
import { Blank, LoadError } from '../shell/blank.tsx';
import { ChannelForm } from './channel-form.tsx';
import { ChannelRow } from './channel-row.tsx';
import { DeliveryRow } from './delivery-row.tsx';
import { loadNotifications, notifications } from './notifications-store.ts';
import type { Notifications } from './notifications-store.ts';
import { RuleForm } from './rule-form.tsx';
import { RuleRow } from './rule-row.tsx';
import { Section } from './section.tsx';

/** Messages come and go while one looks. */
const REFRESH_MS = 10_000;

/** Who hears of what: channels, rules, and what was sent; for administrators. */
export function NotificationsPage() {
  const error = useSignal<unknown>(null);
  const load = (): void => {
    loadNotifications().then(
      () => (error.value = null),
      (failure: unknown) => (error.value = failure),
    );
  };
  useEffect(() => {
    load();
    const timer = setInterval(load, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const all = notifications.value;
  return (
    <main class="notify">
      <div class="notify-head">
        <h1>{translate('notify.title')}</h1>
        <p>{translate('notify.lead')}</p>
      </div>
      {all === null && error.value !== null ? <LoadError error={error.value} onRetry={load} /> : null}
      {all === null ? null : (
        <>
          <Channels all={all} />
          <Rules all={all} />
          <Deliveries all={all} />
        </>
      )}
    </main>
  );
}

function Channels({ all: { channels } }: { all: Notifications }) {
  const open = useSignal<string | null>(null);
  const close = (): void => {
    open.value = null;
  };
  const add = {
    label: translate('notify.addChannel'),
    disabled: open.value === 'new',
    run: () => (open.value = 'new'),
  };
  return (
    <Section title={translate('notify.channels')} add={add}>
      {open.value === 'new' ? <ChannelForm channel={null} onClose={close} /> : null}
      {channels.length === 0 && open.value === null ? (
        <Blank drawing="gantry" title={translate('notify.noChannels')}>
          {translate('notify.noChannelsWhy')}
        </Blank>
      ) : null}
      {channels.map((channel) =>
        open.value === channel.id ? (
          <ChannelForm key={channel.id} channel={channel} onClose={close} />
        ) : (
          <ChannelRow key={channel.id} channel={channel} onEdit={() => (open.value = channel.id)} />
        ),
      )}
    </Section>
  );
}

function Rules({ all: { channels, rules } }: { all: Notifications }) {
  const open = useSignal<string | null>(null);
  const close = (): void => {
    open.value = null;
  };
  const add = {
    label: translate('notify.addRule'),
    disabled: open.value === 'new' || channels.length === 0,
    run: () => (open.value = 'new'),
  };
  return (
    <Section title={translate('notify.rules')} add={add}>
      {open.value === 'new' ? <RuleForm rule={null} channels={channels} onClose={close} /> : null}
      {rules.length === 0 && open.value === null ? (
        <Blank drawing="screen" title={translate('notify.noRules')}>
          {translate('notify.noRulesWhy')}
        </Blank>
      ) : null}
      {rules.map((rule) =>
        open.value === rule.id ? (
          <RuleForm key={rule.id} rule={rule} channels={channels} onClose={close} />
        ) : (
          <RuleRow key={rule.id} rule={rule} channels={channels} onEdit={() => (open.value = rule.id)} />
        ),
      )}
    </Section>
  );
}

function Deliveries({ all: { deliveries } }: { all: Notifications }) {
  return (
    <Section title={translate('notify.deliveries')} add={null}>
      {deliveries.length === 0 ? (
        <Blank drawing="gantry" title={translate('notify.noDeliveries')}>
          {translate('notify.noDeliveriesWhy')}
        </Blank>
      ) : null}
      {deliveries.map((delivery) => (
        <DeliveryRow key={delivery.id} delivery={delivery} />
      ))}
    </Section>
  );
}
