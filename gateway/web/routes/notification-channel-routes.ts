import { toRfc3339 } from '../../base/clock.ts';
import { pageQuery } from '../../contract/common.ts';
import {
  channelCreate,
  channelPage,
  channelPatch,
  channelTest,
  notificationChannel,
} from '../../contract/notification.ts';
import type { NotificationChannel } from '../../contract/notification.ts';
import type { ChannelRecord } from '../../warnings/channel-record.ts';
import type { ChannelState } from '../../warnings/dispatcher.ts';
import { roles } from '../access/roles.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import type { Route } from '../route.ts';
import type { WebWarnings } from '../web-warnings.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/notification-channels';
const shared = { tag: 'notifications', access: roles.admin, scope: { in: 'nothing' } } as const;
const one = { ...shared, path: `${path}/{id}`, params: idParam } as const;

/** Where messages go; addresses and secrets are never shown. */
export function notificationChannelRoutes(warnings: WebWarnings): Route[] {
  const { channels } = warnings;
  const view = (record: ChannelRecord) => channelView(record, warnings.channelState(record.id));
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path,
      summary: 'Channels of messages, without their addresses and secrets',
      query: pageQuery,
      reply: channelPage,
      handle({ query }) {
        const found = channels.list(query);
        return { ...found, items: found.items.map(view) };
      },
    }),
    jsonRoute({
      ...shared,
      method: 'post',
      path,
      summary: 'Add a robot of WeCom, DingTalk or Feishu, or an HTTP receiver',
      body: channelCreate,
      reply: notificationChannel,
      statuses: [201],
      handle: async ({ body }) => view(await channels.create(body)),
    }),
    jsonRoute({
      ...one,
      method: 'patch',
      summary: 'Change a channel; another host asks for its secrets again',
      body: channelPatch,
      reply: notificationChannel,
      handle: async ({ params, body }) => view(await channels.patch(params.id, body)),
    }),
    ...otherRoutes(warnings),
  ];
}

function channelView(record: ChannelRecord, state: ChannelState): NotificationChannel {
  const { createdAtMs, ...shown } = record;
  const { fault } = state;
  return {
    ...shown,
    waiting: state.waiting,
    lastSentAt: state.lastSentAtMs === null ? null : toRfc3339(state.lastSentAtMs),
    fault: fault && { code: fault.code, message: fault.message, at: toRfc3339(fault.atMs) },
    createdAt: toRfc3339(createdAtMs),
  };
}

function otherRoutes(warnings: WebWarnings): Route[] {
  return [
    emptyRoute({
      ...one,
      method: 'delete',
      summary: 'Remove a channel that no rule sends to',
      handle: ({ params }) => warnings.channels.remove(params.id),
    }),
    jsonRoute({
      ...one,
      path: `${path}/{id}/test`,
      method: 'post',
      summary: 'Send a test message now',
      reply: channelTest,
      handle: ({ params }) => warnings.test(params.id),
    }),
  ];
}
