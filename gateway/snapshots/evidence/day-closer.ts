import type { CancelTimer, Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import { ErrorTally } from '../../base/error-tally.ts';
import { messageOf } from '../../base/gateway-error.ts';
import { localDate } from '../../base/local-time.ts';
import type { Logger } from '../../base/logger.ts';
import type { EvidenceDay } from '../../contract/evidence.ts';
import { dateAfter } from '../slots-of-day.ts';
import { isSealed } from './chain-heads.ts';
import type { EvidenceKey } from './evidence-key.ts';
import type { DayRow, LeafRow } from './evidence-rows.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { merkleRoot } from './merkle-tree.ts';
import { dayText, headLeaf, statementHash } from './signed-texts.ts';
import { toEvidenceDay } from './to-evidence-day.ts';

export interface DayCloserOptions {
  clock: Clock;
  logger: Logger;
  store: EvidenceStore;
  key: EvidenceKey;
  gatewayId: string;
  timeZone: string;
}

const LOOK_MS = 10_000;
/** A gateway that was off for longer closes the last of its days only. */
const MOST_DAYS = 400;
const MOST_FIRST_DAYS = 31;
const FIRST_PREV_HASH = '0'.repeat(64);

/**
 * Closes each day at its end in the site's time zone: a Merkle root over the ends of all chains, signed. A closed day
 * never changes; a picture recorded later belongs to the next one. One for the gateway.
 */
export class DayCloser {
  readonly #options: DayCloserOptions;
  readonly #faults: ErrorTally;
  readonly #closed: Emitter<EvidenceDay>;
  #cancel: CancelTimer | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #lastDate = '';

  constructor(options: DayCloserOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#faults = new ErrorTally(clock, (key, count, message) => logger.error({ count, message }, key));
    this.#closed = new Emitter((error) =>
      this.#faults.add('a listener of closed days failed', messageOf(error)),
    );
  }

  /** Closes the days that ended while the gateway was off, before any new picture, and then each day at its end. */
  async start(): Promise<void> {
    const { clock } = this.#options;
    await this.#look();
    this.#cancel = clock.every(LOOK_MS, () => {
      if (localDate(clock.now(), this.#options.timeZone) !== dateAfter(this.#lastDate)) void this.#look();
    });
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#running;
    this.#faults.stop();
  }

  onClosed(listener: (day: EvidenceDay) => void): Unsubscribe {
    return this.#closed.subscribe(listener);
  }

  #look(): Promise<void> {
    const looking = this.#running.then(() => this.#closeEnded());
    this.#running = looking.catch((error: unknown) =>
      this.#faults.add('a day of the record could not be closed', messageOf(error)),
    );
    return this.#running as Promise<void>;
  }

  async #closeEnded(): Promise<void> {
    const { clock, store, timeZone } = this.#options;
    const today = localDate(clock.now(), timeZone);
    const last = await store.lastDay();
    const yesterday = dateAfter(today, -1);
    let date = last ? dateAfter(last.date) : await this.#firstDate(today);
    const earliest = dateAfter(today, -MOST_DAYS);
    if (date < earliest) date = earliest;
    let before = last;
    for (; date <= yesterday; date = dateAfter(date)) before = await this.#close(date, before);
    this.#lastDate = yesterday;
  }

  /** The day of the oldest picture; records older than the key are covered by the first days that are closed. */
  async #firstDate(today: string): Promise<string> {
    const oldestMs = await this.#options.store.oldestPictureMs();
    if (oldestMs === undefined) return today;
    const oldest = localDate(oldestMs, this.#options.timeZone);
    const earliest = dateAfter(today, -MOST_FIRST_DAYS);
    return oldest < earliest ? earliest : oldest;
  }

  async #close(date: string, before: DayRow | undefined): Promise<DayRow> {
    const { clock, logger, store, key, gatewayId, timeZone } = this.#options;
    const leaves = await this.#leaves(date, before);
    const root = merkleRoot(leaves.map((leaf) => headLeaf(fieldsOf(leaf))));
    const closed_at_ms = clock.now();
    const prev_hash = before ? statementHash(before.statement) : FIRST_PREV_HASH;
    const statement = dayText({
      gatewayId,
      date,
      timeZone,
      closedAtMs: closed_at_ms,
      cameras: leaves.length,
      root,
      prevHash: prev_hash,
      keyId: key.keyId,
    });
    const signature = key.sign(statement);
    const day = { date, statement, signature, root, cameras: leaves.length, closed_at_ms, prev_hash };
    if (await store.addDay(day, leaves)) {
      logger.info({ date, cameras: day.cameras, root }, 'closed a day of the record');
      this.#closed.emit(toEvidenceDay(day));
    }
    return day;
  }

  /**
   * The ends of all chains. One that no longer holds what was signed for it the day before keeps its old leaf, so that
   * no signature ever covers a chain that was rewritten.
   */
  async #leaves(date: string, before: DayRow | undefined): Promise<LeafRow[]> {
    const { store, key, logger } = this.#options;
    const known = new Map(
      (before ? await store.leaves(before.date) : []).map((leaf) => [leaf.camera_id, leaf]),
    );
    const leaves: LeafRow[] = [];
    for (const head of await store.heads()) {
      const old = known.get(head.camera_id);
      known.delete(head.camera_id);
      const holds = !old || (await store.hashAt(old.camera_id, old.seq)) === old.chain_hash;
      if (holds && isSealed(head, key)) {
        leaves.push({ date, camera_id: head.camera_id, seq: head.seq, chain_hash: head.chain_hash });
        continue;
      }
      logger.error(
        { cameraId: head.camera_id },
        'the record of a camera no longer fits what was signed: verify it, and restore it from a backup',
      );
      if (old) leaves.push({ ...old, date });
    }
    for (const gone of known.values()) {
      if (!(await store.erasure(gone.camera_id))) leaves.push({ ...gone, date });
    }
    return leaves.sort((a, b) => (a.camera_id < b.camera_id ? -1 : 1));
  }
}

function fieldsOf(leaf: LeafRow): { cameraId: string; seq: number; chainHash: string } {
  return { cameraId: leaf.camera_id, seq: leaf.seq, chainHash: leaf.chain_hash };
}
