import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../gateway/base/database.ts';
import { GatewayError } from '../../gateway/base/gateway-error.ts';
import { silentLogger } from '../../gateway/base/logger.ts';
import type { Logger } from '../../gateway/base/logger.ts';
import { migrate } from '../../gateway/base/migrations.ts';
import type { Role } from '../../gateway/contract/user.ts';
import { CameraStore } from '../../gateway/fleet/camera-store.ts';
import { Cameras } from '../../gateway/fleet/cameras.ts';
import type { CameraRecord } from '../../gateway/fleet/camera-record.ts';
import { CameraControl } from '../../gateway/fleet/camera-control.ts';
import { CameraDevices } from '../../gateway/fleet/camera-devices.ts';
import { CredentialSetStore } from '../../gateway/fleet/credential-set-store.ts';
import { CredentialSets } from '../../gateway/fleet/credential-sets.ts';
import { fleetMigrations } from '../../gateway/fleet/fleet-migrations.ts';
import { ProjectStore } from '../../gateway/fleet/project-store.ts';
import { Projects } from '../../gateway/fleet/projects.ts';
import { Rosters } from '../../gateway/fleet/roster/rosters.ts';
import { SecretBox } from '../../gateway/fleet/secret-box.ts';
import { ProjectLights } from '../../gateway/summaries/project-lights.ts';
import { NetworkGuard } from '../../gateway/base/network-guard.ts';
import { Warnings } from '../../gateway/warnings/warnings.ts';
import { warningsMigrations } from '../../gateway/warnings/warnings-migrations.ts';
import { AuditLog } from '../../gateway/web/access/audit-log.ts';
import { webMigrations } from '../../gateway/web/web-migrations.ts';
import { WebServer } from '../../gateway/web/web-server.ts';
import type { WebServerOptions } from '../../gateway/web/web-server.ts';
import type { WebServices } from '../../gateway/web/web-services.ts';
import { FakeClock } from './fake-clock.ts';
import {
  StagedControl,
  StagedDiscovery,
  StagedEvidence,
  StagedLightChanges,
  StagedLive,
  StagedMoves,
  StagedSnapshots,
  StagedTimeline,
  StagedTimelapses,
} from './staged-neighbours.ts';
import { StagedHealth } from './staged-health.ts';

const emptyCheck = { ok: true, steps: [], main: null, sub: null, advice: [], clockDriftSec: null };

/** A started web server over the real fleet and staged neighbours. */
export class WebFixture {
  readonly clock = new FakeClock();
  readonly database = openDatabase('sqlite::memory:');
  readonly discovery = new StagedDiscovery();
  readonly snapshots = new StagedSnapshots();
  readonly timeline = new StagedTimeline(this.snapshots);
  readonly timelapses = new StagedTimelapses();
  readonly evidence = new StagedEvidence();
  readonly health = new StagedHealth();
  readonly live = new StagedLive();
  readonly moves = new StagedMoves();
  readonly deviceControl = new StagedControl();
  readonly secretBox = new SecretBox(randomBytes(32));
  readonly credentialSets: CredentialSets;
  readonly projects: Projects;
  readonly cameras: Cameras;
  readonly projectLights: ProjectLights;
  readonly lightChanges = new StagedLightChanges();
  readonly warnings: Warnings;
  readonly server: WebServer;
  readonly audit: AuditLog;
  notReady: string[] = [];
  origin = '';

  constructor(options: Partial<WebServerOptions> & { logger?: Logger } = {}) {
    const logger = options.logger ?? silentLogger;
    this.projects = new Projects({
      clock: this.clock,
      logger,
      store: new ProjectStore(this.database),
      hasCameras: (projectId) => this.cameras.all().some((camera) => camera.projectId === projectId),
    });
    this.credentialSets = new CredentialSets({
      clock: this.clock,
      store: new CredentialSetStore(this.database),
      secretBox: this.secretBox,
    });
    this.cameras = new Cameras({
      clock: this.clock,
      logger,
      store: new CameraStore(this.database),
      reader: { read: () => Promise.reject(new GatewayError('camera-offline', 'no camera here')) },
      secretBox: this.secretBox,
      projectExists: (projectId) => this.projects.get(projectId) !== undefined,
      credentialSets: this.credentialSets,
    });
    this.projectLights = new ProjectLights({
      clock: this.clock,
      logger,
      timeZone: 'Asia/Shanghai',
      warnDays: 7,
      projects: this.projects,
      cameras: this.cameras,
      health: this.health,
    });
    this.audit = new AuditLog({ database: this.database, clock: this.clock, logger, keepDays: 365 });
    this.warnings = new Warnings({
      clock: this.clock,
      logger,
      database: this.database,
      secretBox: this.secretBox,
      guard: new NetworkGuard(['127.0.0.0/8']),
      changes: this.lightChanges,
      subjects: {
        camera: (id) => this.cameras.get(id),
        project: (id) => this.projects.get(id),
        steps: () => [],
        onStepsChange: () => () => undefined,
      },
      cameraCount: (projectId) => this.cameras.all().filter((each) => each.projectId === projectId).length,
      timeZone: 'Asia/Shanghai',
      publicUrl: null,
      keepDays: 730,
    });
    this.server = new WebServer({
      clock: this.clock,
      logger,
      database: this.database,
      http: { host: '127.0.0.1', port: 0, trustProxy: false },
      viewerFolder: '/nonexistent',
      timeZone: 'Asia/Shanghai',
      version: '0.0.0-test',
      shares: { maxDays: 30, maxOpen: 50 },
      audit: this.audit,
      validateReplies: true,
      services: this.#services(),
      ...options,
    });
  }

  async start(): Promise<this> {
    await migrate(this.database, [...fleetMigrations, ...warningsMigrations, ...webMigrations]);
    await this.projects.start();
    await this.credentialSets.start();
    await this.cameras.start();
    this.projectLights.start();
    await this.warnings.start();
    const { port } = await this.server.start();
    this.origin = `http://127.0.0.1:${port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.projectLights.stop();
    const stopped = this.server.stop();
    // Connections that linger are cut by the server's own timers.
    await this.clock.advance(5000);
    await stopped;
    await this.warnings.stop();
    await this.audit.stop();
    await this.database.destroy();
  }

  async addProject(name: string): Promise<string> {
    const project = await this.projects.create({
      name,
      externalId: null,
      district: '',
      unit: '',
      leader: '',
      lat: null,
      lon: null,
      stage: '',
      milestones: [],
    });
    return project.id;
  }

  addCamera(name: string, projectId: string): Promise<CameraRecord> {
    return this.cameras.create({
      name,
      projectId,
      position: '',
      rtsp: { main: 'rtsp://192.168.1.9/main', username: 'u', password: 'camera-secret' },
    });
  }

  /** A new API token's Authorization header. */
  async bearer(role: Role, projectIds: string[] = []): Promise<Record<string, string>> {
    const { secret } = await this.server.access.tokens.create({
      name: `${role} token`,
      role,
      projectIds,
      expiresAt: null,
    });
    return { authorization: `Bearer ${secret}` };
  }

  async addUser(username: string, role: Role, projectIds: string[] = []): Promise<string> {
    const user = await this.server.access.users.create({
      username,
      password: 'correct horse',
      role,
      projectIds,
    });
    return user.id;
  }

  /** Signs in over HTTP and gives the Cookie header. */
  async cookie(username: string): Promise<Record<string, string>> {
    const reply = await this.send('POST', '/api/v1/session', { username, password: 'correct horse' });
    if (reply.status !== 201) throw new Error(`sign-in: ${reply.status} ${await reply.text()}`);
    return { cookie: (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.origin + path, { headers, redirect: 'manual' });
  }

  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(this.origin + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  #services(): WebServices {
    const { cameras, deviceControl } = this;
    const devices = new CameraDevices({ clock: this.clock, cameras });
    return {
      cameras,
      control: new CameraControl({ cameras, devices, control: deviceControl }),
      credentialSets: this.credentialSets,
      rosters: new Rosters({
        logger: silentLogger,
        cameras,
        projects: this.projects,
        credentialSets: this.credentialSets,
        allows: (address) => !address.startsWith('203.0.113.'),
      }),
      moves: this.moves,
      projects: this.projects,
      projectLights: this.projectLights,
      discovery: this.discovery,
      previews: this.discovery,
      snapshots: this.snapshots,
      timeline: this.timeline,
      timelapses: this.timelapses,
      evidence: this.evidence,
      health: this.health,
      live: this.live,
      warnings: this.warnings,
      readiness: { reasons: () => this.notReady },
      metrics: {
        contentType: 'text/plain; version=0.0.4; charset=utf-8',
        render: () => Promise.resolve('gantry_cameras{light="grey"} 1\n'),
      },
      checks: {
        check: () => Promise.resolve(emptyCheck),
        checkDraft: () => Promise.resolve(emptyCheck),
      },
    };
  }
}
