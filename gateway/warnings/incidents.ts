import type { CancelTimer, Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { ErrorTally } from '../base/error-tally.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { Page } from '../contract/common.ts';
import type { LightChange } from '../contract/health.ts';
import type { Incident, IncidentQuery } from '../contract/incident.ts';
import { isAcknowledged, observe, settleMsAfter, settled, withdrawn } from './incident.ts';
import type { IncidentRecord, Sighting } from './incident.ts';
import type { IncidentStore } from './incident-store.ts';
import { OpenIncidents, TouchedIncidents, keyOf } from './open-incidents.ts';
import { planNotices } from './notice-plan.ts';
import type { Notice, ScopeProject } from './notice-plan.ts';
import type { Delivery } from './delivery-store.ts';
import type { RuleRecord } from './rule-store.ts';

/** Recorded changes of cameras' lights: each is on disk, with its number, before it is told. */
export interface ChangeSource {
  changesAfter(seq: number, limit: number): Promise<{ seq: number; change: LightChange }[]>;
  onLightChange(listener: (change: LightChange) => void): Unsubscribe;
}

/** The fleet as incidents see it. */
export interface IncidentSubjects {
  camera(id: string): { name: string; projectId: string } | undefined;
  project(id: string): (ScopeProject & { name: string }) | undefined;
  /** Every step with its light of today; archived projects have none. */
  steps(): Omit<Sighting, 'atMs' | 'kind'>[];
  /** Projects or steps have changed. */
  onStepsChange(listener: () => void): Unsubscribe;
}

export interface IncidentsOptions {
  clock: Clock;
  faults: ErrorTally;
  store: IncidentStore;
  changes: ChangeSource;
  subjects: IncidentSubjects;
  rules: { all(): readonly RuleRecord[] };
  timeZone: string;
}

const MARK = 'light-changes';
const PAGE = 200;
const TICK_MS = 1000;
/** Steps change their light at midnight. */
const STEPS_MS = 30_000;
const DAY_MS = 86_400_000;

/**
 * All spells of trouble and what was promised to tell of them. Changes of light are taken from their record, and how far
 * they were taken is written in the same transaction, so that a kill loses and doubles nothing. Lives as long as the gateway.
 */
export class Incidents {
  readonly #options: IncidentsOptions;
  readonly #held = new OpenIncidents();
  readonly #changed: Emitter<IncidentRecord>;
  readonly #ends: (Unsubscribe | CancelTimer)[] = [];
  #work: Promise<unknown> = Promise.resolve();
  #stepsDirty = true;
  /** Changes of light may not have been taken yet: a fault of the disk is tried again. */
  #behind = true;
  #ticking = false;

  constructor(options: IncidentsOptions) {
    this.#options = options;
    this.#changed = new Emitter((error) =>
      options.faults.add('a listener of incidents failed', messageOf(error)),
    );
  }

  /** Takes up what was there before; `after` runs after each look at the present. */
  async start(after: () => Promise<void>): Promise<void> {
    const { clock, store, changes, subjects } = this.#options;
    for (const record of await store.unfinished()) this.#held.keep(record);
    for (const notice of await store.noticesOf(this.#held.ids())) this.#held.keepNotice(notice);
    if ((await store.mark(MARK)) === undefined) await this.run(() => this.#begin());
    this.#ends.push(
      changes.onLightChange(() => {
        this.#behind = true;
        void this.#guarded(() => this.#drain());
      }),
      subjects.onStepsChange(() => (this.#stepsDirty = true)),
      clock.every(STEPS_MS, () => (this.#stepsDirty = true)),
      clock.every(TICK_MS, () => void this.#tick(after)),
    );
    await this.#guarded(() => this.#drain());
  }

  /** Ends; what was begun is on disk when the promise resolves. */
  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    await this.#work;
  }

  /** One task after the other: each sees what the one before has written. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const done = this.#work.then(task);
    this.#work = done.catch(() => undefined);
    return done;
  }

  onChange(listener: (record: IncidentRecord) => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  /** Notices that wait, or that were told of what is not over, with their incidents. */
  notices(): Iterable<{ notice: Notice; incident: IncidentRecord }> {
    return this.#held.notices();
  }

  get openCount(): number {
    return this.#held.size;
  }

  list(query: IncidentQuery, projectIds: readonly string[] | null): Promise<Page<IncidentRecord>> {
    return this.#options.store.list(query, projectIds);
  }

  get(id: string): Promise<IncidentRecord | undefined> {
    return this.#options.store.get(id);
  }

  /** Someone takes it on: nobody further up is told. Throws `not-found`, or `conflict` when it is over or taken on already. */
  acknowledge(
    id: string,
    by: NonNullable<Incident['acknowledged']>['by'],
    note: string,
  ): Promise<IncidentRecord> {
    return this.run(async () => {
      const record = this.#held.get(id) ?? (await this.get(id));
      if (!record) throw new GatewayError('not-found', `there is no incident ${id}`);
      if (record.closedAtMs !== null) throw new GatewayError('conflict', 'it is over already');
      if (record.acknowledged && isAcknowledged(record))
        throw new GatewayError('conflict', `${record.acknowledged.by.name} has taken it on already`);
      const { light } = record;
      const taken = { ...record, acknowledged: { atMs: this.#options.clock.now(), by, note, light } };
      await this.commit({ incidents: [taken], notices: [] });
      return taken;
    });
  }

  /** Writes changes, then takes them over and tells of them; within `run` only. */
  async commit(changes: {
    incidents: readonly IncidentRecord[];
    notices: readonly Notice[];
    mark?: { source: string; position: string };
    delivery?: Delivery;
  }): Promise<void> {
    await this.#options.store.save(changes);
    for (const notice of changes.notices) this.#held.keepNotice(notice);
    for (const record of changes.incidents) this.#held.keep(record);
    this.#held.forgetDone();
    for (const record of changes.incidents) this.#changed.emit(record);
  }

  /** Looks at the present: what has settled, what vanished, steps, notices that have come due. */
  #tick(after: () => Promise<void>): Promise<void> {
    if (this.#ticking) return Promise.resolve();
    this.#ticking = true;
    return this.#guarded(async () => {
      if (this.#behind) await this.#drain();
      await this.#look();
      await after();
    }).finally(() => (this.#ticking = false));
  }

  async #guarded(task: () => Promise<void>): Promise<void> {
    try {
      await this.run(task);
    } catch (error) {
      this.#options.faults.add('incidents were not brought up to date', messageOf(error));
    }
  }

  /** The very first start: only what is wrong now counts, not the past. */
  async #begin(): Promise<void> {
    const last = new Map<string, LightChange>();
    let seq = 0;
    for (;;) {
      const batch = await this.#options.changes.changesAfter(seq, 1000);
      if (batch.length === 0) break;
      for (const { change } of batch) last.set(change.cameraId, change);
      seq = batch.at(-1)?.seq ?? seq;
    }
    await this.#take([...last.values()], seq);
  }

  async #drain(): Promise<void> {
    const { store, changes } = this.#options;
    for (;;) {
      const from = Number((await store.mark(MARK)) ?? 0);
      const batch = await changes.changesAfter(from, PAGE);
      const last = batch.at(-1);
      if (!last) {
        this.#behind = false;
        return;
      }
      await this.#take(
        batch.map(({ change }) => change),
        last.seq,
      );
    }
  }

  async #take(changes: readonly LightChange[], seq: number): Promise<void> {
    const touched = new TouchedIncidents(this.#held);
    for (const change of changes) {
      const camera = this.#options.subjects.camera(change.cameraId);
      if (!camera) continue;
      await this.#see(touched, {
        kind: 'camera',
        subjectId: change.cameraId,
        subjectName: camera.name,
        projectId: camera.projectId,
        light: change.to,
        reasons: change.reasons,
        step: null,
        atMs: Date.parse(change.at),
      });
    }
    await this.#save(touched, { source: MARK, position: String(seq) });
  }

  /** Takes one sighting into `touched`. */
  async #see(touched: TouchedIncidents, seen: Sighting): Promise<void> {
    let open = touched.of(seen);
    if (!open && (seen.light === 'green' || seen.light === 'grey')) return;
    const rested = open && settled(open, seen.atMs);
    if (rested && rested !== open) touched.add(rested);
    open = rested?.closedAtMs === null ? rested : undefined;
    const after = observe(open, seen, open?.settleMs ?? (await this.#settleMs(seen, touched)));
    if (after && after !== open) touched.add(after);
  }

  async #settleMs(seen: Sighting, touched: TouchedIncidents): Promise<number> {
    const { kind, subjectId, atMs } = seen;
    if (kind === 'step') return 0;
    const stored = await this.#options.store.closedSince(kind, subjectId, atMs - DAY_MS);
    return settleMsAfter(kind, stored + touched.closedOf(seen));
  }

  async #look(): Promise<void> {
    const nowMs = this.#options.clock.now();
    const touched = new TouchedIncidents(this.#held);
    for (const record of this.#held.open()) {
      const after = this.#refreshed(record, nowMs);
      if (after !== record) touched.add(after);
    }
    if (this.#stepsDirty) {
      this.#stepsDirty = false;
      await this.#lookAtSteps(touched, nowMs);
    }
    await this.#save(touched);
  }

  /** As the fleet has its camera now; withdrawn when there is none any more. */
  #refreshed(record: IncidentRecord, nowMs: number): IncidentRecord {
    const rested = settled(record, nowMs);
    if (record.kind === 'step' || rested !== record) return rested;
    const camera = this.#options.subjects.camera(record.subjectId);
    if (!camera) return withdrawn(record, nowMs);
    const { name: subjectName, projectId } = camera;
    const same = subjectName === record.subjectName && projectId === record.projectId;
    return same ? record : { ...record, subjectName, projectId };
  }

  async #lookAtSteps(touched: TouchedIncidents, nowMs: number): Promise<void> {
    const there = new Set<string>();
    for (const step of this.#options.subjects.steps()) {
      const seen: Sighting = { ...step, kind: 'step', atMs: nowMs };
      there.add(keyOf(seen));
      await this.#see(touched, seen);
    }
    for (const record of this.#held.open())
      if (record.kind === 'step' && !there.has(keyOf(record))) touched.add(withdrawn(record, nowMs));
  }

  /** Writes what was touched, and the notices that have come due for it and for all that is open. */
  async #save(touched: TouchedIncidents, mark?: { source: string; position: string }): Promise<void> {
    const { rules, subjects, timeZone, clock } = this.#options;
    const nowMs = clock.now();
    const others = this.#held.open().filter(({ id }) => !touched.has(id));
    const all = rules.all();
    const notices = [...touched.all(), ...others].flatMap((record) => {
      const project = subjects.project(record.projectId);
      const known = this.#held.noticesOf(record.id);
      return planNotices(record, all, { project, timeZone, nowMs, known });
    });
    const incidents = touched.all();
    if (incidents.length === 0 && notices.length === 0 && !mark) return;
    await this.commit({ incidents, notices, ...(mark && { mark }) });
  }
}
