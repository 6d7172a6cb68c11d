import { roles } from '../access/roles.ts';
import type { EventHub } from '../event-hub.ts';
import type { Route } from '../route.ts';
import { socketRoute } from '../route.ts';
import { loaded } from './loaded.ts';

/** What happens, as it happens. */
export function eventRoutes(hub: Pick<EventHub, 'add'>): Route[] {
  return [
    socketRoute({
      path: '/api/v1/events',
      summary: 'Health, snapshots, searches and projects as they change, within one’s projects',
      tag: 'events',
      access: roles.everyone,
      scope: { in: 'list' },
      open: ({ principal }, socket) => hub.add(socket, loaded(principal)),
    }),
  ];
}
