import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { openDatabase } from '../../gateway/base/database.ts';
import type { Database } from '../../gateway/base/database.ts';
import { silentLogger } from '../../gateway/base/logger.ts';
import type { Logger } from '../../gateway/base/logger.ts';
import { migrate } from '../../gateway/base/migrations.ts';
import { NetworkGuard } from '../../gateway/base/network-guard.ts';
import type { Light, ReasonCode } from '../../gateway/contract/health.ts';
import { channelCreate, ruleCreate } from '../../gateway/contract/notification.ts';
import { SecretBox } from '../../gateway/fleet/secret-box.ts';
import type { IncidentSubjects } from '../../gateway/warnings/incidents.ts';
import { Warnings } from '../../gateway/warnings/warnings.ts';
import { warningsMigrations } from '../../gateway/warnings/warnings-migrations.ts';
import { FakeClock } from './fake-clock.ts';
import type { RobotReceiver } from './robot-receiver.ts';
import { StagedLightChanges } from './staged-neighbours.ts';

type Step = ReturnType<IncidentSubjects['steps']>[number];

/** The warnings over a staged fleet, a clock of the test's own and real receivers; `restart` is a kill and a new start. */
export class WarningsBench {
  readonly clock: FakeClock;
  readonly database: Database = openDatabase('sqlite::memory:');
  readonly changes = new StagedLightChanges();
  readonly cameras = new Map<string, { name: string; projectId: string }>();
  readonly projects = new Map<string, { id: string; name: string; unit: string; district: string }>();
  readonly logger: Logger;
  steps: Step[] = [];
  warnings: Warnings;
  readonly #secretBox = new SecretBox(randomBytes(32));
  readonly #stepListeners = new Set<() => void>();

  /** Begins at 14:00 in Shanghai. */
  constructor(startsAt = '2026-11-23T06:00:00.000Z', logger: Logger = silentLogger) {
    this.clock = new FakeClock(startsAt);
    this.logger = logger;
    this.warnings = this.#make();
  }

  async start(): Promise<this> {
    await migrate(this.database, warningsMigrations);
    await this.warnings.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.warnings.stop();
    await this.database.destroy();
  }

  /** What a kill leaves is what is in the database. */
  async restart(): Promise<void> {
    await this.warnings.stop();
    this.warnings = this.#make();
    await this.warnings.start();
  }

  addProject(
    id: string,
    name: string,
    cameras: number,
    facts: { unit?: string; district?: string } = {},
  ): void {
    this.projects.set(id, { id, name, unit: facts.unit ?? '', district: facts.district ?? '' });
    for (let n = 1; n <= cameras; n += 1)
      this.cameras.set(`${id}-${n}`, { name: `机位 ${n}`, projectId: id });
  }

  async addChannel(receiver: RobotReceiver, body: Record<string, unknown>): Promise<string> {
    const { id } = await this.warnings.channels.create(
      channelCreate.parse({ name: `c${this.warnings.channels.all().length}`, url: receiver.url, ...body }),
    );
    return id;
  }

  async addRule(body: Record<string, unknown>): Promise<string> {
    return (await this.warnings.rules.create(ruleCreate.parse({ name: 'rule', ...body }))).id;
  }

  /** Records a change of light and tells of it. */
  light(cameraId: string, to: Light, code: ReasonCode = 'unreachable'): void {
    const at = new Date(this.clock.now()).toISOString();
    const reasons = to === 'green' ? [] : [{ code, since: at, message: `${code}.` }];
    this.changes.tell({ schema: 1, at, cameraId, from: 'grey', to, reasons });
  }

  setSteps(steps: Step[]): void {
    this.steps = steps;
    for (const listener of this.#stepListeners) listener();
  }

  /** Moves time on second by second; requests under way come to their end in between. */
  async advance(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await this.clock.advance(1000);
      while ((await this.#underWay()) > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async advanceMin(minutes: number): Promise<void> {
    await this.advance(minutes * 60);
  }

  async #underWay(): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*) as count from notification_deliveries
      where state = 'waiting' and attempts > 0 and coalesce(next_try_at_ms, 0) <= last_try_at_ms`.execute(
      this.database,
    );
    return rows[0]?.count ?? 0;
  }

  #make(): Warnings {
    const { clock, logger, database } = this;
    return new Warnings({
      clock,
      logger,
      database,
      secretBox: this.#secretBox,
      changes: this.changes,
      guard: new NetworkGuard(['127.0.0.0/8'], { key: 'notifications.allowedNetworks' }),
      subjects: {
        camera: (id) => this.cameras.get(id),
        project: (id) => this.projects.get(id),
        steps: () => this.steps,
        onStepsChange: (listener) => {
          this.#stepListeners.add(listener);
          return () => this.#stepListeners.delete(listener);
        },
      },
      cameraCount: (id) => [...this.cameras.values()].filter(({ projectId }) => projectId === id).length,
      timeZone: 'Asia/Shanghai',
      publicUrl: 'https://gantry.example.gov.cn',
      keepDays: 730,
    });
  }
}
