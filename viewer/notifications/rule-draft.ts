import type { NotificationRule } from '../../gateway/contract/notification.ts';
import type { RuleBody } from '../api/notification-gateway.ts';

/** What the form begins with. */
export function ruleDraftOf(rule: NotificationRule | null, channelIds: readonly string[]): RuleBody {
  if (rule !== null) {
    const { id: _id, createdAt: _at, ...body } = rule;
    return body;
  }
  return {
    name: '',
    enabled: true,
    scope: { projectIds: [], units: [], districts: [] },
    sources: ['camera', 'step'],
    lights: ['yellow', 'red'],
    afterMin: 5,
    reasons: [],
    channelIds: channelIds.slice(0, 1),
    quietHours: null,
    digest: { kind: 'immediate' },
    escalation: [],
    recovery: true,
  };
}

/** True when nothing that a rule needs is missing. */
export function isCompleteRule({ name, lights, sources, channelIds, escalation }: RuleBody): boolean {
  return (
    name.trim() !== '' &&
    lights.length > 0 &&
    sources.length > 0 &&
    channelIds.length > 0 &&
    escalation.every((step, at) => {
      const before = escalation[at - 1]?.afterMin ?? 0;
      return step.name.trim() !== '' && step.channelIds.length > 0 && step.afterMin > before;
    })
  );
}
