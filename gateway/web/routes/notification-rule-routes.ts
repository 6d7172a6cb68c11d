import { toRfc3339 } from '../../base/clock.ts';
import { pageQuery } from '../../contract/common.ts';
import { notificationRule, ruleCreate, rulePage, rulePatch } from '../../contract/notification.ts';
import type { NotificationRule } from '../../contract/notification.ts';
import type { RuleRecord } from '../../warnings/rule-store.ts';
import { roles } from '../access/roles.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import type { Route } from '../route.ts';
import type { WebWarnings } from '../web-warnings.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/notification-rules';
const shared = { tag: 'notifications', access: roles.admin, scope: { in: 'nothing' } } as const;
const one = { ...shared, path: `${path}/{id}`, params: idParam } as const;

/** Who hears of what, when. */
export function notificationRuleRoutes({ rules }: Pick<WebWarnings, 'rules'>): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path,
      summary: 'Rules of messages',
      query: pageQuery,
      reply: rulePage,
      handle({ query }) {
        const found = rules.list(query);
        return { ...found, items: found.items.map(view) };
      },
    }),
    jsonRoute({
      ...shared,
      method: 'post',
      path,
      summary: 'Add a rule; what it is about and lasts already is told at once',
      body: ruleCreate,
      reply: notificationRule,
      statuses: [201],
      handle: async ({ body }) => view(await rules.create(body)),
    }),
    jsonRoute({
      ...one,
      method: 'patch',
      summary: 'Change a rule; nothing is told twice for it',
      body: rulePatch,
      reply: notificationRule,
      handle: async ({ params, body }) => view(await rules.patch(params.id, body)),
    }),
    emptyRoute({
      ...one,
      method: 'delete',
      summary: 'Remove a rule, with what it has not told yet',
      handle: ({ params }) => rules.remove(params.id),
    }),
  ];
}

function view({ createdAtMs, ...rule }: RuleRecord): NotificationRule {
  return { ...rule, createdAt: toRfc3339(createdAtMs) };
}
