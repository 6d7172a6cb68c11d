import type { CancelTimer, Clock } from '../base/clock.ts';
import { toRfc3339 } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { ErrorTally } from '../base/error-tally.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { Page } from '../contract/common.ts';
import type { LightChange } from '../contract/health.ts';
import type { Snapshot, SnapshotQuery } from '../contract/snapshot.ts';
import type { OutboxMark, OutboxMessage } from './outbox-store.ts';
import type { SnapshotMessage } from './payloads.ts';
import type { Topics } from './topics.ts';

/** Where changes of light come from: each is on disk, with its number, before it is told. */
export interface ChangeSource {
  changesAfter(seq: number, limit: number): Promise<{ seq: number; change: LightChange }[]>;
  onLightChange(listener: (change: LightChange) => void): Unsubscribe;
}

/** Where pictures come from: each is on disk before it is told. */
export interface SnapshotSource {
  list(cameraId: string, query: SnapshotQuery): Promise<Page<Snapshot>>;
  onTaken(listener: (snapshot: Snapshot) => void): Unsubscribe;
}

/** The queue that loses nothing, and how far each source has been queued. */
export interface RecordQueue {
  add(messages: readonly OutboxMessage[], mark?: OutboxMark): Promise<void>;
  mark(source: string): Promise<string | undefined>;
}

export interface RecordPublisherOptions {
  clock: Clock;
  faults: ErrorTally;
  topics: Topics;
  /** Start of the pictures' URLs, without a slash at the end; null: relative ones. */
  baseUrl: string | null;
  changes: ChangeSource;
  snapshots: SnapshotSource;
  cameras: { all(): readonly { id: string }[] };
  queue: RecordQueue;
}

const PAGE = 200;
const RETRY_MS = 5000;
const KEPT_IDS = 100;

/**
 * Queues every snapshot and change of light for MQTT. How far it came is written together with the messages, and what
 * the gateway recorded but had no time to queue before it was killed is queued at the next start.
 */
export class RecordPublisher {
  readonly #options: RecordPublisherOptions;
  readonly #newest = new Map<string, SnapshotMark>();
  /** Ids queued last, of each camera: one that is told after the catch-up has found it is not queued twice. */
  readonly #queued = new Map<string, readonly string[]>();
  readonly #ends = new Set<Unsubscribe | CancelTimer>();
  #work: Promise<void> = Promise.resolve();
  #running = false;

  constructor(options: RecordPublisherOptions) {
    this.#options = options;
  }

  start(): void {
    const { changes, snapshots, cameras } = this.#options;
    this.#running = true;
    this.#ends.add(changes.onLightChange(() => this.#run(() => this.#drainChanges())));
    this.#ends.add(snapshots.onTaken((snapshot) => this.#taken(snapshot)));
    this.#run(() => this.#drainChanges());
    for (const { id } of cameras.all()) this.#run(() => this.#catchUp(id));
  }

  /** Ends; what was told before is queued when the promise resolves. */
  async stop(): Promise<void> {
    for (const end of this.#ends) end();
    this.#ends.clear();
    await this.#work;
    this.#running = false;
  }

  #taken(snapshot: Snapshot): void {
    this.#run(
      () => this.#addSnapshots(snapshot.cameraId, [snapshot]),
      () => this.#catchUp(snapshot.cameraId),
    );
  }

  /** One task after the other; one that fails is tried again, or done by `instead`, which finds what it left. */
  #run(task: () => Promise<void>, instead = task): void {
    this.#work = this.#work.then(async () => {
      if (!this.#running) return;
      try {
        await task();
      } catch (error) {
        this.#options.faults.add('records were not queued for MQTT', messageOf(error));
        const cancel = this.#options.clock.after(RETRY_MS, () => {
          this.#ends.delete(cancel);
          this.#run(instead);
        });
        this.#ends.add(cancel);
      }
    });
  }

  async #drainChanges(): Promise<void> {
    const { queue, changes, topics } = this.#options;
    for (;;) {
      const from = Number((await queue.mark('light-changes')) ?? 0);
      const batch = await changes.changesAfter(from, PAGE);
      const last = batch.at(-1);
      if (!last) return;
      const messages = batch.map(({ change }) => ({
        lane: change.cameraId,
        topic: topics.cameraEvents(change.cameraId),
        payload: JSON.stringify(change),
        retain: false,
      }));
      await queue.add(messages, { source: 'light-changes', position: String(last.seq) });
    }
  }

  /** Queues a camera's snapshots behind its mark. */
  async #catchUp(cameraId: string): Promise<void> {
    const mark = await this.#mark(cameraId);
    let cursor: string | undefined;
    do {
      const query: SnapshotQuery = { limit: PAGE, hour: 12, order: 'asc' };
      if (mark) query.from = mark.takenAt;
      if (cursor !== undefined) query.cursor = cursor;
      const page = await this.#options.snapshots.list(cameraId, query);
      const known = page.items.findIndex(({ id }) => id === mark?.id);
      await this.#addSnapshots(cameraId, page.items.slice(known + 1));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  async #addSnapshots(cameraId: string, snapshots: readonly Snapshot[]): Promise<void> {
    const before = await this.#mark(cameraId);
    const queued = this.#queued.get(cameraId) ?? [];
    const fresh = snapshots.filter(({ id }) => id !== before?.id && !queued.includes(id));
    const newest = [...(before ? [before] : []), ...fresh].toSorted((a, b) =>
      a.takenAt < b.takenAt ? -1 : 1,
    );
    const last = newest.at(-1);
    if (fresh.length === 0 || !last) return;
    const mark: SnapshotMark = { takenAt: last.takenAt, id: last.id };
    const position = { source: `snapshots/${cameraId}`, position: JSON.stringify(mark) };
    await this.#options.queue.add(
      fresh.map((snapshot) => this.#message(snapshot)),
      position,
    );
    this.#newest.set(cameraId, mark);
    this.#queued.set(cameraId, [...queued, ...fresh.map(({ id }) => id)].slice(-KEPT_IDS));
  }

  #message(snapshot: Snapshot): OutboxMessage {
    const { clock, topics, baseUrl } = this.#options;
    const message: SnapshotMessage = {
      schema: 1,
      at: toRfc3339(clock.now()),
      ...snapshot,
      url: `${baseUrl ?? ''}/api/v1/snapshots/${snapshot.id}/image`,
    };
    return {
      lane: snapshot.cameraId,
      topic: topics.cameraSnapshots(snapshot.cameraId),
      payload: JSON.stringify(message),
      retain: false,
    };
  }

  async #mark(cameraId: string): Promise<SnapshotMark | undefined> {
    const known = this.#newest.get(cameraId);
    if (known) return known;
    const text = await this.#options.queue.mark(`snapshots/${cameraId}`);
    return text === undefined ? undefined : (JSON.parse(text) as SnapshotMark);
  }
}

/** The last snapshot of a camera that was queued. */
interface SnapshotMark {
  takenAt: string;
  id: string;
}
