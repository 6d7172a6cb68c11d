import type { Database } from '../../../gateway/base/database.ts';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import type { PictureQuality, Snapshot, SnapshotGap } from '../../../gateway/contract/snapshot.ts';
import type { GatewaySessions } from '../../../gateway/status/gateway-sessions.ts';
import { HealthBoard } from '../../../gateway/status/health-board.ts';
import type {
  HealthCamera,
  HealthCameras,
  HealthClocks,
  HealthSnapshots,
} from '../../../gateway/status/health-camera.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import type { FakeFeeds } from './fake-feeds.ts';

const fault = (error: unknown) => {
  throw error;
};

/** The neighbours of the status stage, played by the test: cameras, their pictures and their clocks. */
export class StatusSite implements HealthCameras, HealthSnapshots, HealthClocks {
  readonly cameras: HealthCamera[] = [];
  readonly news = new Emitter<Parameters<Parameters<HealthCameras['onChange']>[0]>[0]>(fault);
  readonly takenNews = new Emitter<Snapshot>(fault);
  readonly gapNews = new Emitter<SnapshotGap>(fault);
  missedCount = 0;
  last: Snapshot | undefined;
  all = () => this.cameras;
  onChange = (listener: Parameters<HealthCameras['onChange']>[0]) => this.news.subscribe(listener);
  onTaken = (listener: (snapshot: Snapshot) => void) => this.takenNews.subscribe(listener);
  onGap = (listener: (gap: SnapshotGap) => void) => this.gapNews.subscribe(listener);
  missed = async () => this.missedCount;
  latest = async () => this.last;
  /** Cameras of which a picture was taken outside the schedule. */
  readonly extra: string[] = [];
  takeNow = async (cameraId: string) => this.extra.push(cameraId);
  /** What cameras' clocks say. */
  drifts = new Map<string, number | null>();
  clockReads = 0;
  driftSec = async (cameraId: string) => {
    this.clockReads += 1;
    return this.drifts.get(cameraId);
  };
}

/** A camera as the fleet tells of it. */
export function camera(id: string, profiles: HealthCamera['profiles'] = ['main', 'sub']): HealthCamera {
  return {
    id,
    name: `Camera ${id}`,
    projectId: 'prj_1',
    externalProjectId: 'P-1',
    enabled: true,
    maintenanceUntilMs: null,
    profiles,
  };
}

/** A picture on record. */
export function snapshotOf(
  cameraId: string,
  takenAtMs: number,
  verdict: PictureQuality['verdict'] = 'ok',
): Snapshot {
  return {
    id: `snp_${takenAtMs}`,
    cameraId,
    takenAt: new Date(takenAtMs).toISOString(),
    scheduledFor: null,
    width: 1920,
    height: 1080,
    bytes: 100,
    sha256: 'a'.repeat(64),
    chainHash: 'b'.repeat(64),
    prevHash: 'c'.repeat(64),
    source: 'keyframe',
    quality: { luma: 90, sharpness: 12, verdict },
    milestoneId: null,
    note: null,
    picked: false,
  };
}

/** A board over them, with the intervals of the default configuration. */
export function stagedBoard(parts: {
  clock: FakeClock;
  feeds: FakeFeeds;
  site: StatusSite;
  database: Database;
  sessions: GatewaySessions;
  session: number;
  mode?: 'onDemand' | 'always';
}): HealthBoard {
  const { site, mode = 'onDemand' } = parts;
  return new HealthBoard({
    ...parts,
    logger: silentLogger,
    cameras: site,
    snapshots: site,
    clocks: site,
    timeZone: 'Asia/Shanghai',
    probeIntervalSec: 300,
    measureIntervalSec: 3600,
    clockIntervalSec: 3600,
    clockLimitSec: 5,
    extraPictures: true,
    mode,
  });
}
