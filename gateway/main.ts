import { join } from 'node:path';
import { sql } from 'kysely';
import { readSecret } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { systemClock as clock } from './base/clock.ts';
import type { Database } from './base/database.ts';
import { messageOf } from './base/gateway-error.ts';
import { createLogger } from './base/logger.ts';
import type { Logger } from './base/logger.ts';
import { buildHealth, buildPictureStages, buildSessions, openFleet } from './build-stages.ts';
import type { Fleet, PictureStages, Site } from './build-stages.ts';
import type { CameraCheck } from './contract/camera.ts';
import { checkCamera } from './status/camera-check.ts';
import type { HealthBoard } from './status/health-board.ts';
import { tcpReach } from './status/tcp-reach.ts';
import { auditedCommands, auditedTracker } from './audited-messages.ts';
import { openStorage } from './storage.ts';
import { EmbeddedBroker } from './telemetry/embedded-broker.ts';
import type { BrokerAddress } from './telemetry/mqtt-link.ts';
import { Prometheus } from './telemetry/prometheus.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import { version } from './version.ts';
import { Access } from './web/access/access.ts';
import { AuditLog, SYSTEM } from './web/access/audit-log.ts';
import { ensureFirstAdmin } from './web/access/first-admin.ts';
import type { Users } from './web/access/users.ts';
import { WebServer } from './web/web-server.ts';

const CHECK_TIMEOUT_MS = 20_000;

/** Everything before telemetry and web, running. */
interface Running extends Fleet, PictureStages {
  health: HealthBoard;
  session: number;
  audit: AuditLog;
  check: (cameraId: string) => Promise<CameraCheck>;
}

/** The whole gateway, wired in the order of its folders; one for each process. */
export class Gateway {
  readonly #config: Config;
  readonly #logger: Logger;
  /** What is to be stopped, in the order in which it was started. */
  readonly #stops: (() => unknown)[] = [];

  constructor(config: Config) {
    this.#config = config;
    this.#logger = createLogger(config.log.level);
  }

  /** Starts all stages; `adminPassword` is set the first time only and known nowhere else. Throws GatewayError. */
  async start(): Promise<{ url: string; adminPassword: string | null }> {
    const site = await this.#openSite();
    const running = await this.#startStages(site, await openFleet(site));
    const telemetry = await this.#startTelemetry(site, running);
    const prometheus = new Prometheus({ ...running, telemetry });
    prometheus.start();
    this.#stops.push(() => prometheus.stop());
    return this.#startWeb(site, running, prometheus);
  }

  /** Stops all stages, the last started first; one that fails to stop does not keep the others. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        this.#logger.error({ err: error }, `a stage did not stop cleanly: ${messageOf(error)}`);
      }
    }
  }

  /** For the command line: works on the users while no gateway runs on the data folder. Throws `conflict` when one does. */
  async withUsers<Result>(work: (users: Users, audit: AuditLog) => Promise<Result>): Promise<Result> {
    const site = await this.#openSite();
    const { database } = site.storage;
    const audit = this.#openAudit(site);
    try {
      return await work(new Access({ clock, logger: this.#logger, database, audit }).users, audit);
    } finally {
      await audit.stop();
      await this.stop();
    }
  }

  #openAudit({ storage, loggerOf }: Site): AuditLog {
    const { keepDays } = this.#config.audit;
    return new AuditLog({ database: storage.database, clock, logger: loggerOf('web'), keepDays });
  }

  async #openSite(): Promise<Site> {
    const storage = await openStorage(this.#config, this.#logger);
    this.#stops.push(() => storage.close());
    return { config: this.#config, storage, loggerOf: (stage) => this.#logger.child({ stage }) };
  }

  async #startStages(site: Site, fleet: Fleet): Promise<Running> {
    const sessions = buildSessions(site);
    const session = await sessions.start();
    this.#stops.push(() => sessions.stop());
    const stages = buildPictureStages(site, fleet, session);
    const { discovery, hub, decoder, converted, live, snapshots, timeline, timelapses } = stages;
    const health = buildHealth(site, fleet, stages, { sessions, session });
    hub.start();
    this.#stops.push(() => hub.stop());
    this.#stops.push(fleet.cameras.onChange(({ camera }) => hub.refresh(camera.id)));
    this.#stops.push(() => decoder.stop());
    this.#stops.push(() => converted.stop());
    live.start();
    this.#stops.push(() => live.stop());
    await snapshots.start();
    this.#stops.push(() => snapshots.stop());
    await timeline.start();
    this.#stops.push(() => timeline.stop());
    await timelapses.start();
    this.#stops.push(() => timelapses.stop());
    await health.start();
    this.#stops.push(() => health.stop());
    this.#stops.push(() => discovery.stop());
    const audit = this.#openAudit(site);
    audit.start();
    this.#stops.push(() => audit.stop());
    return { ...fleet, ...stages, health, session, audit, check: this.#checker(fleet, stages) };
  }

  #checker({ cameras, onvif, guard }: Fleet, { hub, decoder }: PictureStages): Running['check'] {
    const connectTimeoutMs = this.#config.ingest.connectTimeoutSec * 1000;
    const reach = (url: string): Promise<void> => tcpReach(url, guard, connectTimeoutMs);
    const parts = { clock, feeds: hub, cameras, onvif, decoder, reach, timeoutMs: CHECK_TIMEOUT_MS };
    return (cameraId) => checkCamera(parts, cameraId);
  }

  async #startTelemetry({ storage, loggerOf }: Site, running: Running): Promise<Telemetry | null> {
    const { gateway, mqtt, http } = this.#config;
    const logger = loggerOf('telemetry');
    const topicRoot = mqtt.topicRoot ?? `gantry/${gateway.id}`;
    const broker = await this.#broker(topicRoot, logger);
    if (!broker) return null;
    const telemetry = new Telemetry({
      ...running,
      clock,
      logger,
      database: storage.database,
      broker,
      gatewayId: gateway.id,
      topicRoot,
      version,
      baseUrl: http.publicUrl?.replace(/\/$/, '') ?? null,
      tracker: auditedTracker(running),
      commands: auditedCommands(running),
    });
    await telemetry.start();
    this.#stops.push(() => telemetry.stop());
    return telemetry;
  }

  /** The configured broker, else the embedded one; null when neither is wanted. */
  async #broker(topicRoot: string, logger: Logger): Promise<BrokerAddress | null> {
    const { mqtt } = this.#config;
    if (mqtt.url !== undefined) {
      const password = mqtt.password === undefined ? undefined : await readSecret(mqtt.password);
      return { url: mqtt.url, username: mqtt.username, password };
    }
    if (mqtt.embedded.port === 0) return null;
    const broker = new EmbeddedBroker({ ...mqtt.embedded, clock, logger, topicRoot });
    this.#stops.push(() => broker.stop());
    return broker.start();
  }

  async #startWeb(
    { config, storage, loggerOf }: Site,
    running: Running,
    metrics: Prometheus,
  ): Promise<{ url: string; adminPassword: string | null }> {
    const { http, admin, snapshots, tracker, shares } = config;
    const { audit } = running;
    const readiness = { reasons: () => unreadyReasons(storage.database) };
    const server = new WebServer({
      clock,
      logger: loggerOf('web'),
      database: storage.database,
      http,
      shares,
      audit,
      viewerFolder: join(import.meta.dirname, '../viewer/dist'),
      timeZone: snapshots.timeZone,
      warnDays: tracker.warnDays,
      version,
      services: { ...running, checks: running, readiness, metrics },
    });
    const given = admin.initialPassword;
    const initialPassword = given === undefined ? undefined : await readSecret(given);
    const firstAdmin = await ensureFirstAdmin(server.access.users, initialPassword);
    if (firstAdmin) {
      const subject = { kind: 'user', id: firstAdmin.id, name: firstAdmin.username };
      await audit.record({ actor: SYSTEM, action: 'user.created', subject, detail: { role: 'admin' } });
    }
    const { url } = await server.start();
    this.#stops.push(() => server.stop());
    return { url, adminPassword: firstAdmin?.password ?? null };
  }
}

async function unreadyReasons(database: Database): Promise<string[]> {
  try {
    await sql`select 1`.execute(database);
    return [];
  } catch {
    return ['the database does not answer'];
  }
}
