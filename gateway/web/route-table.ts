import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Access } from './access/access.ts';
import type { AuditLog } from './access/audit-log.ts';
import type { AuditViewings } from './access/audit-viewings.ts';
import type { Shares } from './access/shares.ts';
import type { DiscoveryOwners } from './discovery-owners.ts';
import type { EventHub } from './event-hub.ts';
import { openApiDocument } from './openapi.ts';
import type { Route } from './route.ts';
import { cameraControlRoutes } from './routes/camera-control-routes.ts';
import { cameraImportRoutes } from './routes/camera-import-routes.ts';
import { auditRoutes } from './routes/audit-routes.ts';
import { cameraRoutes } from './routes/camera-routes.ts';
import { credentialSetRoutes } from './routes/credential-set-routes.ts';
import { discoveryRoutes } from './routes/discovery-routes.ts';
import { evidenceRoutes } from './routes/evidence-routes.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { incidentRoutes } from './routes/incident-routes.ts';
import { liveRoutes, sharedLiveRoutes } from './routes/live-routes.ts';
import { notificationChannelRoutes } from './routes/notification-channel-routes.ts';
import { notificationDeliveryRoutes } from './routes/notification-delivery-routes.ts';
import { notificationRuleRoutes } from './routes/notification-rule-routes.ts';
import { projectRoutes } from './routes/project-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { shareRoutes } from './routes/share-routes.ts';
import { sharedPageRoutes } from './routes/shared-page-routes.ts';
import { referenceRoutes } from './routes/reference-routes.ts';
import { snapshotRoutes } from './routes/snapshot-routes.ts';
import { systemRoutes } from './routes/system-routes.ts';
import { timelineRoutes } from './routes/timeline-routes.ts';
import { timelapseRoutes } from './routes/timelapse-routes.ts';
import { tokenRoutes } from './routes/token-routes.ts';
import { userRoutes } from './routes/user-routes.ts';
import type { WebMetrics } from './web-metrics.ts';
import type { ProjectViews, WebServices } from './web-services.ts';

/** What the routes are made over. */
export interface RouteTableOptions {
  clock: Clock;
  logger: Logger;
  version: string;
  /** IANA name of the site's time zone. */
  timeZone: string;
  access: Access;
  audit: AuditLog;
  viewings: AuditViewings;
  shares: Shares;
  /** `http.publicUrl`, without a slash at its end. */
  publicUrl: string | null;
  /** The page behind share links; null while the viewer is not built. */
  sharePage: () => Promise<Buffer | null>;
  services: WebServices;
  projectViews: ProjectViews;
  metrics: Pick<WebMetrics, 'contentType' | 'text'>;
  owners: DiscoveryOwners;
  hub: EventHub;
}

/** Every route of the gateway: express, validation, OpenAPI and the access matrix come from this list alone. */
export function routeTable(options: RouteTableOptions): Route[] {
  const { access, clock, services } = options;
  let document: Record<string, unknown> | undefined;
  const table: Route[] = [
    ...systemRoutes({
      readiness: services.readiness,
      metrics: options.metrics,
      openApi: () => (document ??= openApiDocument(table, options.version)),
    }),
    ...sessionRoutes({ signIn: access.signIn, sessions: access.sessions, site: options }),
    ...userRoutes(access.users),
    ...tokenRoutes(access.tokens),
    ...projectRoutes({
      projects: services.projects,
      projectViews: options.projectViews,
      grantProject: (principal, projectId) => access.grantProject(principal, projectId),
    }),
    ...discoveryRoutes({ ...services, owners: options.owners }),
    ...credentialSetRoutes(services),
    ...cameraImportRoutes(services),
    ...cameraRoutes(services),
    ...cameraControlRoutes(services),
    ...healthRoutes({ ...services, clock }),
    ...warningRoutes(services),
    ...timelineRoutes(services),
    ...snapshotRoutes(services.snapshots),
    ...referenceRoutes(services.snapshots.references),
    ...evidenceRoutes({ ...services, clock }),
    ...timelapseRoutes(services),
    ...liveRoutes({ ...services, ...options }),
    ...shareRoutes(options),
    ...sharedPageRoutes({ ...services, ...options }),
    ...sharedLiveRoutes({ ...services, ...options }),
    ...auditRoutes(options.audit),
    ...eventRoutes(options.hub),
  ];
  return table;
}

function warningRoutes({ warnings }: WebServices): Route[] {
  return [
    ...incidentRoutes(warnings),
    ...notificationChannelRoutes(warnings),
    ...notificationDeliveryRoutes(warnings),
    ...notificationRuleRoutes(warnings),
  ];
}
