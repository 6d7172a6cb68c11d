import type { Blobs } from '../base/blobs.ts';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Logger } from '../base/logger.ts';
import type { SnapshotSchedule } from '../contract/schedule.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { CameraStills, PictureDecoder } from './capture.ts';
import type { EvidenceKey } from './evidence/evidence-key.ts';
import type { SnapshotCameras } from './snapshot-cameras.ts';

/** What the record is made over. */
export interface SnapshotServiceOptions {
  clock: Clock;
  logger: Logger;
  database: Database;
  blobs: Blobs;
  feeds: Feeds;
  decoder: PictureDecoder;
  cameras: SnapshotCameras;
  /** Signs the record. */
  evidenceKey: EvidenceKey;
  gatewayId: string;
  /** Name of a project for watermarks. */
  projectName?: (projectId: string) => string | undefined;
  /** Pictures by the camera's snapshot URI, where its stream gives none. */
  stills?: CameraStills;
  /** Refuses pictures when the disk is full. */
  disk?: { requireRoom(): Promise<void> };
  /** True while no file may be removed: a backup is being made. */
  isHeld?: () => Promise<boolean>;
  /** The part `snapshots` of the configuration. */
  config: {
    schedule: SnapshotSchedule;
    timeZone: string;
    captureTimeoutSec: number;
    retention: { allDays: number };
  };
}
