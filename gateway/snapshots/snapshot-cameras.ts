import type { Unsubscribe } from '../base/emitter.ts';
import type { SnapshotSchedule } from '../contract/schedule.ts';
import type { Place } from './sun-times.ts';

/** What the record needs to know of a camera. */
export interface SnapshotCamera {
  id: string;
  name: string;
  /** Where it hangs, as in `tower crane 2`; drawn into watermarks. */
  position: string;
  projectId: string;
  /** The camera's own, else its project's; null: the gateway's `snapshots.schedule`. */
  schedule: SnapshotSchedule | null;
  /** Where the project lies, for sunrise and sunset; null when nobody has told. */
  place: Place | null;
  enabled: boolean;
  maintenanceUntilMs: number | null;
  /** Slots before this time are not the camera's. */
  createdAtMs: number;
}

/** The fleet as the record sees it. */
export interface SnapshotCameras {
  get(id: string): SnapshotCamera | undefined;
  all(): readonly SnapshotCamera[];
  onChange(
    listener: (change: { kind: 'added' | 'changed' | 'removed'; camera: SnapshotCamera }) => void,
  ): Unsubscribe;
}
