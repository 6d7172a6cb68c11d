import { toRfc3339 } from '../../base/clock.ts';
import { deliveryPage, deliveryQuery } from '../../contract/notification.ts';
import type { NotificationDelivery } from '../../contract/notification.ts';
import type { Delivery } from '../../warnings/delivery-store.ts';
import { roles } from '../access/roles.ts';
import { jsonRoute } from '../route.ts';
import type { Route } from '../route.ts';
import type { WebWarnings } from '../web-warnings.ts';

/** What became of messages. */
export function notificationDeliveryRoutes(warnings: Pick<WebWarnings, 'channels' | 'deliveries'>): Route[] {
  const nameOf = (id: string): string => warnings.channels.get(id)?.name ?? '';
  return [
    jsonRoute({
      tag: 'notifications',
      access: roles.admin,
      scope: { in: 'nothing' },
      method: 'get',
      path: '/api/v1/notification-deliveries',
      summary: 'Messages on their way, sent and given up, newest first',
      query: deliveryQuery,
      reply: deliveryPage,
      async handle({ query }) {
        const found = await warnings.deliveries(query);
        return { ...found, items: found.items.map((delivery) => deliveryView(delivery, nameOf)) };
      },
    }),
  ];
}

function deliveryView(delivery: Delivery, nameOf: (channelId: string) => string): NotificationDelivery {
  const { id, channelId, message, state, attempts, createdAtMs, nextTryAtMs, sentAtMs, fault } = delivery;
  return {
    id,
    channelId,
    channelName: nameOf(channelId),
    title: message.title,
    count: message.count,
    state,
    attempts,
    fault,
    createdAt: toRfc3339(createdAtMs),
    nextTryAt: nextTryAtMs === null ? null : toRfc3339(nextTryAtMs),
    sentAt: sentAtMs === null ? null : toRfc3339(sentAtMs),
  };
}
