import type { NotificationRule } from '../../gateway/contract/notification.ts';
import { translate } from '../i18n/translate.ts';

/** A rule in one line: about what, when, to whom. */
export function ruleSummary(
  rule: NotificationRule,
  names: { channel: (id: string) => string; project: (id: string) => string },
): string {
  const { scope, lights, afterMin, channelIds, digest, quietHours, escalation } = rule;
  const where = [...scope.districts, ...scope.units, ...scope.projectIds.map(names.project)];
  const light = lights.length === 2 ? 'both' : (lights[0] ?? 'both');
  const about = [
    where.length === 0 ? translate('notify.sum.everything') : where.slice(0, 3).join(', '),
    translate(`notify.sum.lights.${light}`),
    ...(afterMin > 0 ? [translate('notify.sum.after', { minutes: afterMin })] : []),
  ];
  const how = [
    channelIds.map(names.channel).join(', '),
    ...(digest.kind === 'every' ? [translate('notify.sum.every', { minutes: digest.minutes })] : []),
    ...(digest.kind === 'daily' ? [translate('notify.sum.daily', { at: digest.at })] : []),
    ...(quietHours ? [translate('notify.sum.quiet', { from: quietHours.from, to: quietHours.to })] : []),
    ...escalation.map(({ name, afterMin: minutes }) => translate('notify.sum.step', { name, minutes })),
  ];
  return `${about.join(' · ')} → ${how.join(' · ')}`;
}
