import type { SnapshotSchedule } from '../contract/schedule.ts';
import type { SlotCalendar } from './slot-calendar.ts';
import { slotSpreadMs } from './slot-spread.ts';
import type { SnapshotCamera } from './snapshot-cameras.ts';

/** Why the last slot of a camera stayed without picture. */
export interface SlotFailure {
  reason: string;
  message: string;
}

/** A slot is tried until the next one, but no longer than this. */
const LONGEST_WINDOW_MS = 10 * 60_000;

/** One camera's place in its schedule: the slots up to `cursorMs` are dealt with; lives as long as the camera. */
export class CameraSlots {
  camera: SnapshotCamera;
  cursorMs: number;
  /** The first slot after the cursor; null when there is none, or the schedule cannot be read. */
  nextMs: number | null = null;
  spreadMs = 0;
  busy = false;
  /** After a fault of the database: not before this time. */
  restUntilMs = -Infinity;
  lastFailure: SlotFailure | null = null;
  work = new AbortController();
  readonly #calendar: SlotCalendar;
  readonly #defaultSchedule: SnapshotSchedule;
  readonly #cameraCount: () => number;

  /** `cameraCount`: over how many cameras the slots are spread. */
  constructor(options: {
    camera: SnapshotCamera;
    cursorMs: number;
    calendar: SlotCalendar;
    defaultSchedule: SnapshotSchedule;
    cameraCount: () => number;
  }) {
    this.#cameraCount = options.cameraCount;
    this.camera = options.camera;
    this.cursorMs = options.cursorMs;
    this.#calendar = options.calendar;
    this.#defaultSchedule = options.defaultSchedule;
  }

  get schedule(): SnapshotSchedule {
    return this.camera.schedule ?? this.#defaultSchedule;
  }

  /** Moves the cursor and looks up the next slot. Throws `bad-request` for a cron expression that cannot be read. */
  moveTo(cursorMs: number): void {
    this.cursorMs = cursorMs;
    this.nextMs = null;
    const nextMs = this.#calendar.next(this.schedule, cursorMs, this.camera.place);
    this.spreadMs =
      nextMs === null ? 0 : slotSpreadMs(this.camera.id, this.#intervalMs(nextMs), this.#cameraCount());
    this.nextMs = nextMs;
  }

  isDue(nowMs: number): boolean {
    if (this.busy || this.nextMs === null || nowMs < this.restUntilMs) return false;
    return nowMs >= this.nextMs + this.spreadMs;
  }

  /** Slots after the cursor that have come, ascending; at most those since `sinceMs`. */
  due(sinceMs: number, nowMs: number): number[] {
    const fromMs = Math.max(this.cursorMs + 1, sinceMs);
    return this.#calendar.between(this.schedule, fromMs, nowMs + 1, this.camera.place);
  }

  /** Until when a slot may be tried: the next slot or 10 minutes, but always long enough for one try. */
  windowEndMs(slotMs: number, captureTimeoutMs: number): number {
    const endMs = slotMs + Math.min(this.#intervalMs(slotMs), LONGEST_WINDOW_MS);
    return Math.max(endMs, slotMs + this.spreadMs + captureTimeoutMs);
  }

  /** Slots are not due while the camera is disabled or (until the time given) in maintenance. */
  isWanted(slotMs: number): boolean {
    const { enabled, maintenanceUntilMs } = this.camera;
    return enabled && (maintenanceUntilMs === null || slotMs >= maintenanceUntilMs);
  }

  #intervalMs(slotMs: number): number {
    return (this.#calendar.next(this.schedule, slotMs, this.camera.place) ?? Infinity) - slotMs;
  }
}
