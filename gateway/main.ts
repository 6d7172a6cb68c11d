import { join } from 'node:path';
import { sql } from 'kysely';
import { readSecret } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { systemClock as clock } from './base/clock.ts';
import type { Database } from './base/database.ts';
import { messageOf } from './base/gateway-error.ts';
import { zoneOffsetMin } from './base/local-time.ts';
import { createLogger } from './base/logger.ts';
import type { Logger } from './base/logger.ts';
import {
  buildHealth,
  buildMovedCameras,
  buildPictureStages,
  buildProjectLights,
  buildSessions,
  openFleet,
} from './build-stages.ts';
import type { PictureStages } from './build-stages.ts';
import { buildWarnings } from './build-warnings.ts';
import type { Fleet, Site } from './site.ts';
import type { CameraCheck, CameraCheckRequest } from './contract/camera.ts';
import { CameraDevices } from './fleet/camera-devices.ts';
import type { DiscoveredDevice } from './contract/discovery.ts';
import type { MovedCameras } from './fleet/moved-cameras.ts';
import { checkCamera } from './status/camera-check.ts';
import { checkDraft } from './status/check-draft.ts';
import type { CheckParts } from './status/camera-check.ts';
import type { HealthBoard } from './status/health-board.ts';
import { tcpReach } from './status/tcp-reach.ts';
import type { ProjectLights } from './summaries/project-lights.ts';
import { auditedCommands, auditedTracker } from './audited-messages.ts';
import { configuredBroker } from './configured-broker.ts';
import { openStorage } from './storage.ts';
import { EmbeddedBroker } from './telemetry/embedded-broker.ts';
import type { BrokerAddress } from './telemetry/broker-address.ts';
import { Prometheus } from './telemetry/prometheus.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import { version } from './version.ts';
import type { Warnings } from './warnings/warnings.ts';
import { Access } from './web/access/access.ts';
import { AuditLog, SYSTEM } from './web/access/audit-log.ts';
import { ensureFirstAdmin } from './web/access/first-admin.ts';
import type { Users } from './web/access/users.ts';
import { WebServer } from './web/web-server.ts';

const CHECK_TIMEOUT_MS = 20_000;
/** Long enough to tell a starved stream from a busy second. */
const CHECK_MEASURE_MS = 3000;

/** Everything before telemetry and web, running. */
interface Running extends Fleet, PictureStages {
  health: HealthBoard;
  projectLights: ProjectLights;
  moves: MovedCameras;
  session: number;
  audit: AuditLog;
  check: (cameraId: string) => Promise<CameraCheck>;
  checkDraft: (body: CameraCheckRequest) => Promise<CameraCheck>;
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
    const prometheus = new Prometheus({ ...running, telemetry, version });
    prometheus.start();
    this.#stops.push(() => prometheus.stop());
    const warnings = buildWarnings(site, running, running.health);
    await warnings.start();
    this.#stops.push(() => warnings.stop());
    return this.#startWeb(site, { ...running, warnings }, prometheus);
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
    const health = buildHealth(site, fleet, stages, { sessions, session });
    this.#startStreams(fleet, stages);
    await this.#startRecord(stages);
    await health.start();
    this.#stops.push(() => health.stop());
    const projectLights = buildProjectLights(site, fleet, health);
    projectLights.start();
    this.#stops.push(() => projectLights.stop());
    const moves = await this.#startFinding(site, fleet, stages, health);
    const audit = this.#openAudit(site);
    audit.start();
    this.#stops.push(() => audit.stop());
    const watching = { health, projectLights, moves, session, audit };
    return { ...fleet, ...stages, ...watching, ...this.#checkers(fleet, stages) };
  }

  #startStreams(fleet: Fleet, { hub, decoder, sound, converted, live }: PictureStages): void {
    hub.start();
    this.#stops.push(() => hub.stop());
    this.#stops.push(fleet.cameras.onChange(({ camera }) => hub.refresh(camera.id)));
    this.#stops.push(fleet.drafts.onForgotten((draftId) => hub.refresh(draftId)));
    this.#stops.push(() => decoder.stop());
    this.#stops.push(() => sound.stop());
    this.#stops.push(() => converted.stop());
    live.start();
    this.#stops.push(() => live.stop());
  }

  async #startRecord({ disk, snapshots, timeline, timelapses }: PictureStages): Promise<void> {
    for (const part of [disk, snapshots, timeline, timelapses]) {
      await part.start();
      this.#stops.push(() => part.stop());
    }
  }

  /** Searches, previews and turning stop with the gateway; cameras that move are followed from now on. */
  async #startFinding(
    site: Site,
    fleet: Fleet,
    stages: PictureStages,
    health: HealthBoard,
  ): Promise<MovedCameras> {
    const { discovery, previews } = stages;
    this.#stops.push(() => discovery.stop());
    this.#stops.push(() => previews.stop());
    this.#stops.push(() => fleet.onvifControl.stop());
    const moves = buildMovedCameras(site, fleet, stages, health);
    moves.start();
    this.#stops.push(() => moves.stop());
    this.#stops.push(discovery.onUpdate(({ devices }) => tellMoves(moves, devices)));
    await fleet.announcements.start();
    this.#stops.push(() => fleet.announcements.stop());
    return moves;
  }

  #checkers(fleet: Fleet, { hub, decoder }: PictureStages): Pick<Running, 'check' | 'checkDraft'> {
    const { drafts, onvif, onvifControl, guard } = fleet;
    const { timeZone } = this.#config.snapshots;
    const connectTimeoutMs = this.#config.ingest.connectTimeoutSec * 1000;
    const reach = (url: string): Promise<void> => tcpReach(url, guard, connectTimeoutMs);
    const parts: CheckParts = {
      clock,
      feeds: hub,
      cameras: drafts,
      devices: new CameraDevices({ clock, cameras: drafts }),
      onvif: {
        read: (xaddr, credentials, options) => onvif.read(xaddr, credentials, options),
        readClock: (device) => onvifControl.readClock(device),
        snapshot: (uri, credentials) => onvif.snapshot(uri, credentials),
      },
      decoder,
      reach,
      timeoutMs: CHECK_TIMEOUT_MS,
      measureMs: CHECK_MEASURE_MS,
      siteOffsetMin: () => zoneOffsetMin(clock.now(), timeZone),
    };
    return {
      check: (cameraId) => checkCamera(parts, cameraId),
      checkDraft: (body) => checkDraft({ ...parts, drafts, control: onvifControl }, body),
    };
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
      evidence: running.snapshots.evidence,
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
      return configuredBroker(mqtt, mqtt.url);
    }
    if (mqtt.embedded.port === 0) return null;
    const broker = new EmbeddedBroker({ ...mqtt.embedded, clock, logger, topicRoot });
    this.#stops.push(() => broker.stop());
    return broker.start();
  }

  async #startWeb(
    { config, storage, loggerOf }: Site,
    running: Running & { warnings: Warnings },
    metrics: Prometheus,
  ): Promise<{ url: string; adminPassword: string | null }> {
    const { http, admin, snapshots, shares } = config;
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
      version,
      services: { ...running, checks: running, evidence: running.snapshots.evidence, readiness, metrics },
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

/** A search that signed in knows devices by MAC and serial too. */
function tellMoves(moves: MovedCameras, devices: readonly DiscoveredDevice[]): void {
  for (const { registeredCameraId, auth, xaddr } of devices)
    if (registeredCameraId !== null && auth === 'ok') moves.foundAt(registeredCameraId, xaddr);
}

async function unreadyReasons(database: Database): Promise<string[]> {
  try {
    await sql`select 1`.execute(database);
    return [];
  } catch {
    return ['the database does not answer'];
  }
}
