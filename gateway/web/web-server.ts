import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { ErrorTally } from '../base/error-tally.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import { Access } from './access/access.ts';
import type { AuditLog } from './access/audit-log.ts';
import { AuditRequests } from './access/audit-requests.ts';
import { AuditViewings } from './access/audit-viewings.ts';
import type { Shares } from './access/shares.ts';
import { buildShares } from './build-shares.ts';
import { DiscoveryOwners } from './discovery-owners.ts';
import { EventHub } from './event-hub.ts';
import { expressApp } from './express-app.ts';
import { ProjectView } from './project-view.ts';
import { defaultRequestLimits } from './request-limits.ts';
import type { RequestLimits } from './request-limits.ts';
import { RouteGate } from './route-gate.ts';
import type { GateLookups } from './route-gate.ts';
import type { Route, SocketRoute } from './route.ts';
import { refuseBrokenRequest } from './refuse-broken-request.ts';
import { routeTable } from './route-table.ts';
import { SocketKeeper } from './socket-keeper.ts';
import { SocketUpgrades } from './socket-upgrades.ts';
import { ViewerFiles } from './viewer-files.ts';
import { WebMetrics } from './web-metrics.ts';
import type { WebServices } from './web-services.ts';

/** Time for replies under way when the server stops. */
const STOP_GRACE_MS = 1500;

/** What the web server is made from. */
export interface WebServerOptions {
  clock: Clock;
  logger: Logger;
  database: Database;
  /** `http.*` of the configuration. */
  http: { host: string; port: number; trustProxy: boolean; publicUrl?: string };
  /** `shares.*` of the configuration. */
  shares: { maxDays: number; maxOpen: number };
  /** Started and stopped by the owner. */
  audit: AuditLog;
  /** Folder of the built viewer. */
  viewerFolder: string;
  /** IANA name of the site's time zone. */
  timeZone: string;
  version: string;
  services: WebServices;
  limits?: RequestLimits;
  /** Checks every reply against its schema: for tests. */
  validateReplies?: boolean;
}

/** The gateway's HTTP and WebSocket server with all that belongs to it; `access` is usable before `start`. */
export class WebServer {
  readonly access: Access;
  readonly #options: WebServerOptions;
  readonly #keeper: SocketKeeper;
  readonly #hub: EventHub;
  readonly #viewer: ViewerFiles;
  readonly #viewings: AuditViewings;
  readonly #shares: Shares;
  readonly #cancels: Unsubscribe[] = [];
  readonly #metrics: WebMetrics;
  readonly #routes: Route[];
  #server: Server | undefined;
  #tally: ErrorTally | undefined;

  constructor(options: WebServerOptions) {
    const { clock, services } = options;
    this.#options = options;
    this.access = new Access(options);
    this.#keeper = new SocketKeeper(clock, this.access.changes);
    this.#viewer = new ViewerFiles(options.viewerFolder);
    this.#viewings = new AuditViewings(options);
    this.#shares = buildShares({ ...options, ...options.shares }, this.access, services);
    const projectViews = new ProjectView(services.projectLights);
    const owners = new DiscoveryOwners();
    this.#hub = new EventHub({
      sources: services,
      owners,
      projectView(projectId) {
        const record = services.projects.get(projectId);
        return record && projectViews.view(record);
      },
    });
    this.#metrics = new WebMetrics({ others: services.metrics, openSockets: () => this.#keeper.size });
    this.#routes = routeTable({
      ...options,
      access: this.access,
      viewings: this.#viewings,
      shares: this.#shares,
      publicUrl: options.http.publicUrl?.replace(/\/$/, '') ?? null,
      sharePage: () => this.#viewer.page('/share/index.html'),
      projectViews,
      metrics: this.#metrics,
      owners,
      hub: this.#hub,
    });
  }

  /** The route table, for the access matrix and generated documents. */
  get routes(): readonly Route[] {
    return this.#routes;
  }

  /** Listens; throws `port-in-use`. Returns the address to open in a browser. */
  async start(): Promise<{ url: string; port: number }> {
    const { http } = this.#options;
    this.access.start();
    this.#metrics.start();
    this.#keeper.start();
    this.#hub.start();
    await this.#viewings.start();
    this.#shares.start();
    this.#cancels.push(this.#recheckShares());
    this.#server = this.#createServer();
    await listen(this.#server, http);
    const { port } = this.#server.address() as AddressInfo;
    return { url: `http://${browsableHost(http.host)}:${port}/`, port };
  }

  /** Stops taking requests, gives those under way a moment, and closes every socket. */
  async stop(): Promise<void> {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#shares.stop();
    this.#hub.stop();
    this.#keeper.stop();
    await this.#viewings.stop();
    this.#metrics.stop();
    this.access.stop();
    this.#tally?.stop();
    const server = this.#server;
    if (!server?.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const cancel = this.#options.clock.after(STOP_GRACE_MS, () => server.closeAllConnections());
    await closed;
    cancel();
  }

  /** A camera that moves to another project may be one that its sharer does not see. */
  #recheckShares(): Unsubscribe {
    const { logger, services } = this.#options;
    return services.cameras.onChange(({ kind }) => {
      if (kind === 'added') return;
      this.#shares.recheck().catch((error: unknown) => logger.error({ err: error }, messageOf(error)));
    });
  }

  #createServer(): Server {
    const { services, logger, http, clock } = this.#options;
    const lookups: GateLookups = {
      camera: (id) => services.cameras.get(id),
      project: (id) => services.projects.get(id),
      snapshot: (id) => services.snapshots.get(id),
      share: (secret) => this.#shares.open(secret),
    };
    const gate = new RouteGate(this.access.authenticator, lookups);
    const { app, tally } = expressApp({
      clock,
      logger,
      gate,
      audit: new AuditRequests(this.#options.audit),
      trustProxy: http.trustProxy,
      routes: this.#routes,
      limits: this.#options.limits ?? defaultRequestLimits,
      viewer: this.#viewer.handler(),
      validateReplies: this.#options.validateReplies ?? false,
      onReply: (status) => this.#metrics.countReply(status),
    });
    this.#tally = tally;
    const server = createServer(timeouts, app);
    server.on('clientError', refuseBrokenRequest);
    const socketRoutes = this.#routes.filter((route): route is SocketRoute => route.kind === 'socket');
    new SocketUpgrades({
      routes: socketRoutes,
      gate,
      keeper: this.#keeper,
      lookups,
      trustProxy: http.trustProxy,
      tally,
    }).attach(server);
    return server;
  }
}

/** A client that sends its request slower than this is cut off. */
const timeouts = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new GatewayError(
          taken ? 'port-in-use' : 'config-invalid',
          taken
            ? `port ${port} on ${host} is taken by another program: stop it, or set http.port (GANTRY_HTTP_PORT) to another`
            : `cannot listen on http.host ${host}, http.port ${port}: ${messageOf(error)}`,
          { cause: error },
        ),
      );
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function browsableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
