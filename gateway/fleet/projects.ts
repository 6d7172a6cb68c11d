import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import { newId } from '../base/new-id.ts';
import type { Page } from '../contract/common.ts';
import type { ProjectCreate, ProjectPatch } from '../contract/project.ts';
import { pageOf } from './page-of.ts';
import type { MilestoneRecord, ProjectChange, ProjectRecord } from './project-record.ts';
import type { ProjectStore } from './project-store.ts';

/** A project as the tracker sends it (`tracker/projects/{externalId}`). */
export type TrackerProject = Omit<ProjectCreate, 'externalId' | 'schedule'>;

/** All projects, held in memory beside their table; lives as long as the gateway. */
export class Projects {
  readonly #clock: Clock;
  readonly #store: ProjectStore;
  readonly #hasCameras: (projectId: string) => boolean;
  readonly #changes: Emitter<ProjectChange>;
  readonly #records = new Map<string, ProjectRecord>();

  constructor(options: {
    clock: Clock;
    store: ProjectStore;
    logger: Logger;
    hasCameras: (projectId: string) => boolean;
  }) {
    this.#clock = options.clock;
    this.#store = options.store;
    this.#hasCameras = options.hasCameras;
    this.#changes = new Emitter((error) =>
      options.logger.error({ err: error }, 'a listener of project changes failed'),
    );
  }

  async start(): Promise<void> {
    for (const record of await this.#store.all()) this.#records.set(record.id, record);
  }

  all(): ProjectRecord[] {
    return [...this.#records.values()];
  }

  get(id: string): ProjectRecord | undefined {
    return this.#records.get(id);
  }

  onChange(listener: (change: ProjectChange) => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  /** A page in the order of creation; `projectIds` null means all. */
  async list(filter: {
    projectIds: readonly string[] | null;
    archived?: boolean;
    limit: number;
    cursor?: string;
  }): Promise<Page<ProjectRecord>> {
    const visible = this.all().filter(
      (project) =>
        (filter.projectIds === null || filter.projectIds.includes(project.id)) &&
        (filter.archived === undefined || (project.archivedAtMs !== null) === filter.archived),
    );
    return pageOf(visible, filter.limit, filter.cursor);
  }

  /** Throws `conflict` when the external id is taken. */
  async create(body: ProjectCreate): Promise<ProjectRecord> {
    this.#refuseTakenExternalId(body.externalId, undefined);
    const { milestones, schedule = null, ...fields } = body;
    const record: ProjectRecord = {
      ...fields,
      schedule,
      id: newId('prj'),
      milestones: withIds(milestones),
      archivedAtMs: null,
      createdAtMs: this.#clock.now(),
    };
    await this.#store.insert(record);
    return this.#keep('added', record);
  }

  /** Throws `not-found` or `conflict`; what changes nothing is neither stored nor told, and gives the record as it was. */
  async patch(id: string, body: ProjectPatch): Promise<ProjectRecord> {
    const before = this.#existing(id);
    const { archived, milestones, ...fields } = body;
    if (fields.externalId !== undefined) this.#refuseTakenExternalId(fields.externalId, id);
    const record: ProjectRecord = { ...before, ...withoutUndefined(fields) };
    if (milestones !== undefined) record.milestones = withIds(milestones, before.milestones);
    if (archived !== undefined)
      record.archivedAtMs = archived ? (before.archivedAtMs ?? this.#clock.now()) : null;
    if (isDeepStrictEqual(record, before)) return before;
    await this.#store.update(record);
    return this.#keep('changed', record);
  }

  /** Throws `not-found`, or `conflict` while cameras belong to it. */
  async remove(id: string): Promise<void> {
    const record = this.#existing(id);
    if (this.#hasCameras(id)) {
      throw new GatewayError(
        'conflict',
        `project ${record.name} still has cameras: move or delete them first, or archive the project`,
      );
    }
    await this.#store.remove(id);
    this.#records.delete(id);
    this.#changes.emit({ kind: 'removed', project: record });
  }

  /**
   * Creates or updates the project that the tracker calls `externalId`; an archived one comes back. False when it is
   * so already: a broker hands over retained projects again at each connect.
   */
  async upsertFromTracker(externalId: string, body: TrackerProject): Promise<boolean> {
    const known = this.#byExternalId(externalId);
    if (known) return (await this.patch(known.id, { ...body, archived: false })) !== known;
    await this.create({ ...body, externalId });
    return true;
  }

  /** Archives what the tracker has dropped; false for an unknown or archived one, for the tracker may say it twice. */
  async archiveFromTracker(externalId: string): Promise<boolean> {
    const known = this.#byExternalId(externalId);
    if (!known || known.archivedAtMs !== null) return false;
    await this.patch(known.id, { archived: true });
    return true;
  }

  #byExternalId(externalId: string): ProjectRecord | undefined {
    return this.all().find((project) => project.externalId === externalId);
  }

  #refuseTakenExternalId(externalId: string | null, ownId: string | undefined): void {
    const holder = externalId === null ? undefined : this.#byExternalId(externalId);
    if (holder && holder.id !== ownId) {
      throw new GatewayError(
        'conflict',
        `external id ${externalId} already belongs to project ${holder.name}`,
      );
    }
  }

  #existing(id: string): ProjectRecord {
    const record = this.#records.get(id);
    if (!record) throw new GatewayError('not-found', `there is no project ${id}`);
    return record;
  }

  #keep(kind: 'added' | 'changed', record: ProjectRecord): ProjectRecord {
    this.#records.set(record.id, record);
    this.#changes.emit({ kind, project: record });
    return record;
  }
}

/** A step that comes without an id keeps that of the step of the same name: pictures are tied to it. */
function withIds(
  milestones: ProjectCreate['milestones'],
  before: readonly MilestoneRecord[] = [],
): MilestoneRecord[] {
  const taken = new Set(milestones.map(({ id }) => id));
  return milestones.map((milestone) => {
    if (milestone.id !== undefined) return { ...milestone, id: milestone.id };
    const same = before.find(({ id, name }) => name === milestone.name && !taken.has(id));
    const id = same?.id ?? newId('step');
    taken.add(id);
    return { ...milestone, id };
  });
}

function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
