import { Backoff } from '../base/backoff.ts';
import { delay } from '../base/clock.ts';
import type { CancelTimer, Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { SnapshotSchedule } from '../contract/schedule.ts';
import { CameraSlots } from './camera-slots.ts';
import type { SlotFailure } from './camera-slots.ts';
import type { SlotCalendar } from './slot-calendar.ts';
import type { SnapshotCamera, SnapshotCameras } from './snapshot-cameras.ts';
import type { GapRow } from './snapshot-row.ts';

/** How one try for a slot ended; `aborted` says nothing about the camera. */
export type SlotOutcome = { ok: true } | { ok: false; reason: string; message: string };

/** What is done about slots. */
export interface SlotWork {
  /** Tries once to take and record the slot's picture. */
  take(cameraId: string, slotMs: number, timeoutMs: number, signal: AbortSignal): Promise<SlotOutcome>;
  hasPicture(cameraId: string, slotMs: number): Promise<boolean>;
  /** Records slots that ended without a picture. */
  recordGaps(gaps: readonly GapRow[]): Promise<void>;
  /** Remembers that slots up to this one are dealt with, for slots that need neither picture nor gap. */
  skipTo(cameraId: string, slotMs: number): Promise<void>;
  cursors(): Promise<Map<string, number>>;
}

export interface SnapshotSchedulerOptions {
  clock: Clock;
  logger: Logger;
  cameras: SnapshotCameras;
  calendar: SlotCalendar;
  work: SlotWork;
  defaultSchedule: SnapshotSchedule;
  captureTimeoutSec: number;
}

const TICK_MS = 1000;
/** A wall clock this far behind the last look has been set back. */
const SET_BACK_MS = 5000;
/** Older slots that nobody served are not recorded: the gateway was off for more than a month. */
const LONGEST_GAP_MS = 31 * 86_400_000;
const GAPS_AT_ONCE = 500;
const REST_AFTER_FAULT_MS = 5000;
const RETRY = { firstMs: 2000, maxMs: 30_000, jitter: 0.2 };
const NOT_RUNNING = {
  reason: 'not-running',
  message: 'the gateway was off or asleep, or its clock was set forward',
};

/** Sees that every slot of every camera ends in a picture or a recorded gap; looks at the wall clock each second. */
export class SnapshotScheduler {
  readonly #options: SnapshotSchedulerOptions;
  readonly #states = new Map<string, CameraSlots>();
  readonly #running = new Set<Promise<void>>();
  readonly #faults: ErrorTally;
  #startedAtMs = Infinity;
  #lastLookMs = -Infinity;
  #cancelTick: CancelTimer | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #cursors = new Map<string, number>();

  constructor(options: SnapshotSchedulerOptions) {
    this.#options = options;
    this.#faults = new ErrorTally(options.clock, (key, count, message) =>
      options.logger.error({ count, message }, key),
    );
  }

  async start(): Promise<void> {
    const { clock, cameras, work } = this.#options;
    this.#cursors = await work.cursors();
    this.#startedAtMs = clock.now();
    this.#unsubscribe = cameras.onChange(({ kind, camera }) => {
      if (kind === 'removed') this.#remove(camera.id);
      else this.#change(camera);
    });
    for (const camera of cameras.all()) this.#add(camera);
    this.#cancelTick = clock.every(TICK_MS, () => this.#look());
    this.#look();
  }

  /** Breaks off what runs; a slot broken off is tried again, or recorded as gap, after the next start. */
  async stop(): Promise<void> {
    this.#cancelTick?.();
    this.#unsubscribe?.();
    for (const state of this.#states.values()) state.work.abort();
    while (this.#running.size > 0) await Promise.all(this.#running);
    this.#states.clear();
    this.#faults.stop();
  }

  #add(camera: SnapshotCamera): void {
    const { calendar, defaultSchedule, clock } = this.#options;
    const known = this.#cursors.get(camera.id) ?? camera.createdAtMs;
    // A cursor in the future was set by a clock that was wrong.
    const cursorMs = Math.min(known, clock.now());
    const cameraCount = (): number => this.#states.size;
    const state = new CameraSlots({ camera, cursorMs, calendar, defaultSchedule, cameraCount });
    this.#states.set(camera.id, state);
    this.#moveTo(state, cursorMs);
  }

  #remove(cameraId: string): void {
    this.#states.get(cameraId)?.work.abort();
    this.#states.delete(cameraId);
    this.#cursors.delete(cameraId);
  }

  #change(camera: SnapshotCamera): void {
    const state = this.#states.get(camera.id);
    if (!state) return this.#add(camera);
    const before = state.camera;
    if (scheduleText(before) !== scheduleText(camera)) this.#reschedule(state, camera);
    state.camera = camera;
    if (!state.isWanted(this.#options.clock.now())) {
      state.work.abort();
      state.work = new AbortController();
    }
  }

  /** The new schedule holds from now on; a slot of the old one that has come already is still served. */
  #reschedule(state: CameraSlots, camera: SnapshotCamera): void {
    const nowMs = this.#options.clock.now();
    const slotMs = state.nextMs;
    const isOpen = slotMs !== null && slotMs <= nowMs && !state.busy;
    const endMs = isOpen ? state.windowEndMs(slotMs, this.#captureTimeoutMs) : 0;
    state.camera = camera;
    if (isOpen) this.#begin(state, () => this.#serve(state, slotMs, endMs, nowMs));
    else if (!state.busy) this.#moveTo(state, nowMs);
    else state.cursorMs = nowMs;
  }

  #look(): void {
    const nowMs = this.#options.clock.now();
    if (nowMs < this.#lastLookMs - SET_BACK_MS) {
      for (const state of this.#states.values()) this.#rewind(state, nowMs);
    }
    this.#lastLookMs = nowMs;
    for (const state of this.#states.values()) {
      if (state.isDue(nowMs)) this.#begin(state, () => this.#handle(state));
    }
  }

  /** Slots that the wrong clock brought too early come again; work on one of them is broken off. */
  #rewind(state: CameraSlots, nowMs: number): void {
    state.work.abort();
    state.work = new AbortController();
    state.restUntilMs = -Infinity;
    // A slot may have come since the clock was set, up to a look ago.
    this.#moveTo(state, Math.min(state.cursorMs, nowMs - 2 * TICK_MS));
  }

  #begin(state: CameraSlots, task: () => Promise<void>): void {
    state.busy = true;
    const running = task()
      .catch((error: unknown) => {
        state.restUntilMs = this.#options.clock.now() + REST_AFTER_FAULT_MS;
        this.#faults.add('scheduled snapshots cannot be recorded', messageOf(error));
      })
      .finally(() => {
        state.busy = false;
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  /** Deals with all slots that have come: those whose window has closed become gaps, the open one is served. */
  async #handle(state: CameraSlots): Promise<void> {
    const nowMs = this.#options.clock.now();
    const slots = state.due(nowMs - LONGEST_GAP_MS, nowMs);
    const last = slots.at(-1);
    if (last === undefined) return this.#moveTo(state, Math.max(state.cursorMs, nowMs - LONGEST_GAP_MS));
    const isOpen = state.windowEndMs(last, this.#captureTimeoutMs) > nowMs;
    const closed = isOpen ? slots.slice(0, -1) : slots;
    await this.#recordClosed(state, closed);
    if (!isOpen || nowMs < last + state.spreadMs) return;
    await this.#serve(state, last, state.windowEndMs(last, this.#captureTimeoutMs), last);
  }

  async #recordClosed(state: CameraSlots, slots: readonly number[]): Promise<void> {
    const lost: GapRow[] = [];
    for (const slotMs of slots) {
      if (!state.isWanted(slotMs)) continue;
      const failure = slotMs >= this.#startedAtMs ? (state.lastFailure ?? NOT_RUNNING) : NOT_RUNNING;
      if (!(await this.#options.work.hasPicture(state.camera.id, slotMs)))
        lost.push(this.#gap(state, slotMs, failure));
    }
    for (let at = 0; at < lost.length; at += GAPS_AT_ONCE)
      await this.#options.work.recordGaps(lost.slice(at, at + GAPS_AT_ONCE));
    const last = slots.at(-1);
    if (last === undefined) return;
    if (lost.at(-1)?.scheduled_for_ms !== last) await this.#options.work.skipTo(state.camera.id, last);
    this.#moveTo(state, Math.min(last, this.#options.clock.now()));
  }

  /** Tries until a picture is there or the window closes; `cursorMs` is where the camera stands afterwards (never in the future: the clock may have been set back). */
  async #serve(state: CameraSlots, slotMs: number, endMs: number, cursorMs: number): Promise<void> {
    const { work } = this.#options;
    const cameraId = state.camera.id;
    const { signal } = state.work;
    if (!state.isWanted(slotMs)) await work.skipTo(cameraId, slotMs);
    else if (!(await work.hasPicture(cameraId, slotMs))) {
      const failure = await this.#try(state, slotMs, endMs, signal);
      if (signal.aborted) return;
      if (failure) await work.recordGaps([this.#gap(state, slotMs, failure)]);
      state.lastFailure = failure;
    }
    this.#moveTo(state, Math.min(Math.max(cursorMs, state.cursorMs), this.#options.clock.now()));
  }

  /** Null when the slot has its picture, else why the last try failed. */
  async #try(
    state: CameraSlots,
    slotMs: number,
    endMs: number,
    signal: AbortSignal,
  ): Promise<SlotFailure | null> {
    const { clock, work } = this.#options;
    const backoff = new Backoff(RETRY);
    // The window is measured on the monotonic clock: setting the wall clock must not stretch it.
    const deadlineMs = clock.monotonicMs() + (endMs - clock.now());
    for (;;) {
      const leftMs = Math.max(TICK_MS, deadlineMs - clock.monotonicMs());
      const timeoutMs = Math.min(this.#captureTimeoutMs, leftMs);
      const outcome = await work.take(state.camera.id, slotMs, timeoutMs, signal);
      if (outcome.ok) return null;
      const waitMs = backoff.nextMs();
      if (signal.aborted || clock.monotonicMs() + waitMs + TICK_MS >= deadlineMs) return outcome;
      await delay(clock, waitMs, signal);
      if (signal.aborted) return outcome;
    }
  }

  #gap(state: CameraSlots, slotMs: number, failure: SlotFailure): GapRow {
    return {
      camera_id: state.camera.id,
      scheduled_for_ms: slotMs,
      reason: failure.reason,
      message: failure.message,
      recorded_at_ms: this.#options.clock.now(),
    };
  }

  #moveTo(state: CameraSlots, cursorMs: number): void {
    try {
      state.moveTo(cursorMs);
    } catch (error) {
      this.#faults.add(`camera ${state.camera.id} has a schedule that cannot be read`, messageOf(error));
    }
  }

  get #captureTimeoutMs(): number {
    return this.#options.captureTimeoutSec * 1000;
  }
}

function scheduleText({ schedule, place }: SnapshotCamera): string {
  return JSON.stringify([schedule, place]);
}
