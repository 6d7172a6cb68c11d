import type { Page } from '../../gateway/contract/common.ts';
import type {
  ChannelPatch,
  ChannelTest,
  NotificationChannel,
  NotificationDelivery,
  NotificationRule,
} from '../../gateway/contract/notification.ts';
import { request } from './request.ts';

const V1 = '/api/v1';
const seg = encodeURIComponent;
/** The receiver has ten seconds to answer, and may have to be waited for. */
const TEST_MS = 30_000;

/** A new channel as the form gives it. */
export type NewChannel = ChannelPatch & { name: string; kind: NotificationChannel['kind']; url: string };

/** A rule as the form gives it. */
export type RuleBody = Omit<NotificationRule, 'id' | 'createdAt'>;

/** What administrators ask of the messages to people; every call throws ApiError when it does not succeed. */
export const notificationGateway = {
  channels: async () =>
    (await request<Page<NotificationChannel>>('GET', `${V1}/notification-channels?limit=1000`)).items,
  createChannel: (body: NewChannel) =>
    request<NotificationChannel>('POST', `${V1}/notification-channels`, { body }),
  changeChannel: (id: string, body: ChannelPatch) =>
    request<NotificationChannel>('PATCH', `${V1}/notification-channels/${seg(id)}`, { body }),
  removeChannel: (id: string) => request<void>('DELETE', `${V1}/notification-channels/${seg(id)}`),
  testChannel: (id: string) =>
    request<ChannelTest>('POST', `${V1}/notification-channels/${seg(id)}/test`, { deadlineMs: TEST_MS }),

  rules: async () =>
    (await request<Page<NotificationRule>>('GET', `${V1}/notification-rules?limit=1000`)).items,
  createRule: (body: RuleBody) => request<NotificationRule>('POST', `${V1}/notification-rules`, { body }),
  changeRule: (id: string, body: Partial<RuleBody>) =>
    request<NotificationRule>('PATCH', `${V1}/notification-rules/${seg(id)}`, { body }),
  removeRule: (id: string) => request<void>('DELETE', `${V1}/notification-rules/${seg(id)}`),

  deliveries: async () =>
    (await request<Page<NotificationDelivery>>('GET', `${V1}/notification-deliveries?limit=50`)).items,
};
