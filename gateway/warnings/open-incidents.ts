import type { IncidentRecord } from './incident.ts';
import type { Notice } from './notice-plan.ts';

const NONE: ReadonlyMap<string, Notice> = new Map();

type Subject = Pick<IncidentRecord, 'kind' | 'subjectId' | 'projectId'>;

/** Incidents that are not over, or of which notices still wait, with their notices, in memory beside their tables. */
export class OpenIncidents {
  readonly #records = new Map<string, IncidentRecord>();
  /** Id of a subject's open incident. */
  readonly #open = new Map<string, string>();
  readonly #notices = new Map<string, Map<string, Notice>>();

  get size(): number {
    return this.#open.size;
  }

  get(id: string): IncidentRecord | undefined {
    return this.#records.get(id);
  }

  of(subject: Subject): IncidentRecord | undefined {
    const id = this.#open.get(keyOf(subject));
    return id === undefined ? undefined : this.#records.get(id);
  }

  /** What is not over. */
  open(): IncidentRecord[] {
    return [...this.#open.values()].flatMap((id) => this.#records.get(id) ?? []);
  }

  /** Ids of all that is held. */
  ids(): string[] {
    return [...this.#records.keys()];
  }

  noticesOf(id: string): ReadonlyMap<string, Notice> {
    return this.#notices.get(id) ?? NONE;
  }

  *notices(): Generator<{ notice: Notice; incident: IncidentRecord }> {
    for (const [incidentId, notices] of this.#notices) {
      const incident = this.#records.get(incidentId);
      if (incident) for (const notice of notices.values()) yield { notice, incident };
    }
  }

  keep(record: IncidentRecord): void {
    this.#records.set(record.id, record);
    const key = keyOf(record);
    if (record.closedAtMs === null) this.#open.set(key, record.id);
    else if (this.#open.get(key) === record.id) this.#open.delete(key);
  }

  keepNotice(notice: Notice): void {
    const others = this.#notices.get(notice.incidentId) ?? new Map<string, Notice>();
    this.#notices.set(notice.incidentId, others.set(notice.id, notice));
  }

  /** Lets go of what is over and told. */
  forgetDone(): void {
    for (const [id, record] of this.#records) {
      if (record.closedAtMs === null) continue;
      if ([...this.noticesOf(id).values()].some(({ state }) => state === 'waiting')) continue;
      this.#records.delete(id);
      this.#notices.delete(id);
    }
  }
}

/** Changes that are not written yet; they go before what is kept. */
export class TouchedIncidents {
  readonly #kept: OpenIncidents;
  readonly #records = new Map<string, IncidentRecord>();
  readonly #bySubject = new Map<string, string[]>();

  constructor(kept: OpenIncidents) {
    this.#kept = kept;
  }

  all(): IncidentRecord[] {
    return [...this.#records.values()];
  }

  has(id: string): boolean {
    return this.#records.has(id);
  }

  add(record: IncidentRecord): void {
    if (!this.#records.has(record.id)) {
      const key = keyOf(record);
      this.#bySubject.set(key, [...(this.#bySubject.get(key) ?? []), record.id]);
    }
    this.#records.set(record.id, record);
  }

  /** The subject's open incident. */
  of(subject: Subject): IncidentRecord | undefined {
    const own = this.#own(subject);
    return own.length === 0 ? this.#kept.of(subject) : own.find(({ closedAtMs }) => closedAtMs === null);
  }

  /** How many of the subject's came to their end here. */
  closedOf(subject: Subject): number {
    return this.#own(subject).filter(({ closedAtMs }) => closedAtMs !== null).length;
  }

  #own(subject: Subject): IncidentRecord[] {
    return (this.#bySubject.get(keyOf(subject)) ?? []).flatMap((id) => this.#records.get(id) ?? []);
  }
}

/** Steps are known by their project too; a camera stays itself when it moves to another. */
export function keyOf({ kind, subjectId, projectId }: Subject): string {
  return kind === 'step' ? `${kind}/${projectId}/${subjectId}` : `${kind}/${subjectId}`;
}
