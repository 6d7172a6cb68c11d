import type { Unsubscribe } from '../base/emitter.ts';
import type { SnapshotSchedule } from '../contract/schedule.ts';

/** What the record needs to know of a camera; fleet's `CameraRecord` has these fields. */
export interface SnapshotCamera {
  id: string;
  name: string;
  /** Where it hangs, as in `tower crane 2`; drawn into watermarks. */
  position: string;
  projectId: string;
  /** null: the gateway's `snapshots.schedule`. */
  schedule: SnapshotSchedule | null;
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
