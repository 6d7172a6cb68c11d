import { signal } from '@preact/signals';
import type {
  NotificationChannel,
  NotificationDelivery,
  NotificationRule,
} from '../../gateway/contract/notification.ts';
import { notificationGateway } from '../api/notification-gateway.ts';

/** All that the page shows; null until it was read. */
export interface Notifications {
  channels: readonly NotificationChannel[];
  rules: readonly NotificationRule[];
  deliveries: readonly NotificationDelivery[];
}

export const notifications = signal<Notifications | null>(null);

/** Reads it anew; throws ApiError. */
export async function loadNotifications(): Promise<void> {
  const [channels, rules, deliveries] = await Promise.all([
    notificationGateway.channels(),
    notificationGateway.rules(),
    notificationGateway.deliveries(),
  ]);
  notifications.value = { channels, rules, deliveries };
}
