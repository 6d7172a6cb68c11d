import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Logger } from '../base/logger.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { HealthCameras, HealthClocks, HealthSnapshots } from './health-camera.ts';
import type { Downtime } from './uptime.ts';

/** How many cameras have which light. */
export interface LightTotals {
  total: number;
  green: number;
  yellow: number;
  red: number;
  grey: number;
}

/** What the board works with, and how often it looks. */
export interface HealthBoardOptions {
  clock: Clock;
  logger: Logger;
  database: Database;
  feeds: Feeds;
  cameras: HealthCameras;
  snapshots: HealthSnapshots;
  sessions: { downtimes(fromMs: number, toMs: number): Promise<Downtime[]> };
  /** Says in a plain sentence that the disk runs full, else null. */
  disk?: { readonly low: string | null };
  /** Number of this run of the gateway (GatewaySessions.start). */
  session: number;
  /** Asks cameras with ONVIF for their time. */
  clocks: HealthClocks;
  /** IANA name of the site's zone: days begin by it. */
  timeZone: string;
  probeIntervalSec: number;
  measureIntervalSec: number;
  clockIntervalSec: number;
  /** A camera's clock may be off by so much. */
  clockLimitSec: number;
  /** Another picture is taken soon after one that looks wrong. */
  extraPictures: boolean;
  mode: 'onDemand' | 'always';
}
