import type { Unsubscribe } from '../base/emitter.ts';
import type { IngestMode, ProfileName } from '../contract/camera.ts';
import type { Snapshot, SnapshotGap } from '../contract/snapshot.ts';

/** What the status stage needs to know of a camera. */
export interface HealthCamera {
  id: string;
  name: string;
  projectId: string;
  externalProjectId: string | null;
  enabled: boolean;
  maintenanceUntilMs: number | null;
  /** Null or absent: as the gateway's configuration says. */
  ingestMode?: IngestMode | null;
  /** The profiles that can be pulled; `main` always, `sub` where the camera has one. */
  profiles: readonly ProfileName[];
  /** Frames a second as the camera told them at registration, by profile; absent where it did not. */
  toldFps?: Partial<Record<ProfileName, number | null>>;
  /** True where its clock can be asked for over ONVIF. */
  hasOnvif?: boolean;
  /**
   * Another value (compared by identity) when address or password may have changed: the camera is probed at once.
   * Absent: every change is taken for one.
   */
  revision?: unknown;
}

/** All cameras, in memory, and news of them. */
export interface HealthCameras {
  all(): readonly HealthCamera[];
  onChange(
    listener: (change: { kind: 'added' | 'changed' | 'removed'; camera: HealthCamera }) => void,
  ): Unsubscribe;
}

/** Asks cameras for their time. */
export interface HealthClocks {
  /** Camera time minus gateway time, seconds, null when it tells none; undefined when its ONVIF service fails. */
  driftSec(cameraId: string): Promise<number | null | undefined>;
}

/** What the status stage needs of the record of pictures. */
export interface HealthSnapshots {
  onTaken(listener: (snapshot: Snapshot) => void): Unsubscribe;
  onGap(listener: (gap: SnapshotGap) => void): Unsubscribe;
  /** Slots without a picture since an instant. */
  missed(cameraId: string, sinceMs: number): Promise<number>;
  latest(cameraId: string): Promise<Snapshot | undefined>;
  /** Takes a picture outside the schedule; rejects where it cannot. */
  takeNow(cameraId: string): Promise<unknown>;
}
