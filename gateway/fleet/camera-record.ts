import type { Camera, IngestMode, StreamInfo } from '../contract/camera.ts';
import type { SnapshotSchedule } from '../contract/schedule.ts';

/** A registered camera without its secrets, as the stages share it; replaced whole at each change. */
export interface CameraRecord {
  id: string;
  name: string;
  projectId: string;
  position: string;
  enabled: boolean;
  maintenanceUntilMs: number | null;
  /** Null: as the configuration says. */
  ingestMode: IngestMode | null;
  schedule: SnapshotSchedule | null;
  onvif: Camera['onvif'];
  rtsp: Camera['rtsp'];
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  serial: string | null;
  mac: string | null;
  main: StreamInfo | null;
  sub: StreamInfo | null;
  snapshotUri: string | null;
  createdAtMs: number;
}

/** A change of the fleet. */
export interface CameraChange {
  kind: 'added' | 'changed' | 'removed';
  camera: CameraRecord;
}
