import type { NotificationChannel, NotificationRule } from '../../gateway/contract/notification.ts';
import { notificationGateway } from '../api/notification-gateway.ts';
import { projects } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { LampWord } from '../icons/lamp.tsx';
import { RowActions } from './row-actions.tsx';
import { ruleSummary } from './rule-summary.ts';

interface RuleRowProps {
  rule: NotificationRule;
  channels: readonly NotificationChannel[];
  onEdit: () => void;
}

/** One rule in a line of words. */
export function RuleRow({ rule, channels, onEdit }: RuleRowProps) {
  const names = {
    channel: (id: string): string => channels.find((channel) => channel.id === id)?.name ?? id,
    project: (id: string): string => projects.value.find((project) => project.id === id)?.name ?? id,
  };
  return (
    <div class="notify-item">
      <div class="notify-what">
        <b>{rule.name}</b>
        <span class="dim">{ruleSummary(rule, names)}</span>
      </div>
      <LampWord shape={rule.enabled ? 'ok' : 'off'}>
        {translate(rule.enabled ? 'notify.enabled' : 'notify.disabled')}
      </LampWord>
      <div class="notify-acts">
        <RowActions name={rule.name} onEdit={onEdit} remove={() => notificationGateway.removeRule(rule.id)} />
      </div>
    </div>
  );
}
