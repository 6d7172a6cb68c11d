import { join } from 'node:path';
import { systemClock as clock } from './base/clock.ts';
import { backupLock } from './base/data-folder-lock.ts';
import type { FfmpegProgram } from './ffmpeg/find-ffmpeg.ts';
import type { KeyFrameDecoder } from './ffmpeg/key-frame-decoder.ts';
import type { Feeds } from './ingest/feeds.ts';
import { DiskGuard } from './snapshots/disk-guard.ts';
import type { SnapshotCameras } from './snapshots/snapshot-cameras.ts';
import { SnapshotService } from './snapshots/snapshot-service.ts';
import { SnapshotTimeline } from './snapshots/snapshot-timeline.ts';
import { TimelapseFolder } from './snapshots/timelapse/timelapse-folder.ts';
import { TimelapseMaker } from './snapshots/timelapse/timelapse-maker.ts';
import { TimelapseStore } from './snapshots/timelapse/timelapse-store.ts';
import { Timelapses } from './snapshots/timelapse/timelapses.ts';
import type { Fleet, Site } from './site.ts';
import { cameraStills, snapshotCameras } from './stage-views.ts';

/** The record of progress and what is made of it; made, not started. */
export interface ProgressRecord {
  disk: DiskGuard;
  snapshots: SnapshotService;
  timeline: SnapshotTimeline;
  timelapses: Timelapses;
}

/** Where the record's pictures come from. */
interface PictureSources {
  feeds: Feeds;
  decoder: KeyFrameDecoder;
  program: () => Promise<FfmpegProgram>;
}

/** Makes the record over the fleet and its streams. */
export function buildRecord(site: Site, fleet: Fleet, sources: PictureSources): ProgressRecord {
  const { config, storage, loggerOf } = site;
  const { cameras, projects, onvif } = fleet;
  const { feeds, decoder, program } = sources;
  const seen = snapshotCameras(cameras, projects);
  const { lowDisk } = config.snapshots;
  const disk = new DiskGuard({ clock, folders: storage.folders, ...lowDisk });
  const snapshots = new SnapshotService({
    ...storage,
    clock,
    logger: loggerOf('snapshots'),
    feeds,
    decoder,
    cameras: seen,
    stills: cameraStills(cameras, onvif),
    disk,
    isHeld: () => backupLock(config.dataDir).isHeld(),
    gatewayId: config.gateway.id,
    projectName: (projectId) => projects.get(projectId)?.name,
    config: config.snapshots,
  });
  const timelapses = buildTimelapses(site, program);
  return { disk, snapshots, timeline: buildTimeline(site, seen, fleet), timelapses };
}

/** Makes the record as the timeline page works with it. */
function buildTimeline(
  { config, storage, loggerOf }: Site,
  cameras: SnapshotCameras,
  { projects }: Fleet,
): SnapshotTimeline {
  return new SnapshotTimeline({
    ...storage,
    clock,
    logger: loggerOf('snapshots'),
    cameras,
    milestonesOf: (projectId) => projects.get(projectId)?.milestones.map(({ id }) => id) ?? [],
    config: config.snapshots,
  });
}

/** Makes the queue of films over the record's pictures. */
function buildTimelapses(
  { config, storage, loggerOf }: Site,
  program: () => Promise<FfmpegProgram>,
): Timelapses {
  const { maxPictures, maxQueued, keepDays, reserveMb } = config.timelapse;
  const store = new TimelapseStore(storage.database);
  const folder = new TimelapseFolder(join(config.dataDir, 'timelapses'));
  const logger = loggerOf('snapshots');
  const maker = new TimelapseMaker({
    clock,
    logger,
    blobs: storage.blobs,
    program,
    folder,
    pictures: (...range) => store.pictures(...range),
    timeZone: config.snapshots.timeZone,
    maxPictures,
    reserveBytes: reserveMb * 1_000_000,
  });
  return new Timelapses({ clock, logger, store, folder, maker, maxQueued, keepDays });
}
