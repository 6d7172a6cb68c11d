import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { systemClock as clock } from './base/clock.ts';
import type { Logger } from './base/logger.ts';
import { NetworkGuard } from './base/network-guard.ts';
import { DiscoveryJobs } from './discovery/discovery-jobs.ts';
import { OnvifClient } from './discovery/onvif/onvif-client.ts';
import { findFfmpeg } from './ffmpeg/find-ffmpeg.ts';
import type { FfmpegProgram } from './ffmpeg/find-ffmpeg.ts';
import { KeyFrameDecoder } from './ffmpeg/key-frame-decoder.ts';
import { CameraStore } from './fleet/camera-store.ts';
import { Cameras } from './fleet/cameras.ts';
import { ProjectStore } from './fleet/project-store.ts';
import { Projects } from './fleet/projects.ts';
import { StreamHub } from './ingest/stream-hub.ts';
import { ConvertedFeeds } from './packaging/convert/converted-feeds.ts';
import { LiveStreams } from './packaging/live-streams.ts';
import { SnapshotService } from './snapshots/snapshot-service.ts';
import { SnapshotTimeline } from './snapshots/snapshot-timeline.ts';
import { TimelapseFolder } from './snapshots/timelapse/timelapse-folder.ts';
import { TimelapseMaker } from './snapshots/timelapse/timelapse-maker.ts';
import { TimelapseStore } from './snapshots/timelapse/timelapse-store.ts';
import { Timelapses } from './snapshots/timelapse/timelapses.ts';
import { healthCameras, liveCameras } from './stage-views.ts';
import { GatewaySessions } from './status/gateway-sessions.ts';
import { HealthBoard } from './status/health-board.ts';
import type { Storage } from './storage.ts';

/** What every builder gets. */
export interface Site {
  config: Config;
  storage: Storage;
  loggerOf: (stage: string) => Logger;
}

/** Projects and cameras, and how they are reached. */
export interface Fleet {
  guard: NetworkGuard;
  onvif: OnvifClient;
  cameras: Cameras;
  projects: Projects;
}

/** The stages that carry pictures; made, not started. */
export interface PictureStages {
  discovery: DiscoveryJobs;
  hub: StreamHub;
  decoder: KeyFrameDecoder;
  converted: ConvertedFeeds;
  live: LiveStreams;
  snapshots: SnapshotService;
  timeline: SnapshotTimeline;
  timelapses: Timelapses;
}

/** Reads the fleet from the database. */
export async function openFleet({ config, storage, loggerOf }: Site): Promise<Fleet> {
  const { database, secretBox } = storage;
  const guard = new NetworkGuard(config.discovery.allowedNetworks);
  const onvif = new OnvifClient({ clock, guard, logger: loggerOf('discovery') });
  const logger = loggerOf('fleet');
  const cameras: Cameras = new Cameras({
    clock,
    logger,
    store: new CameraStore(database),
    reader: onvif,
    secretBox,
    projectExists: (id) => projects.get(id) !== undefined,
  });
  const projects = new Projects({
    clock,
    logger,
    store: new ProjectStore(database),
    hasCameras: (id) => cameras.all().some(({ projectId }) => projectId === id),
  });
  await projects.start();
  await cameras.start();
  return { guard, onvif, cameras, projects };
}

/** Makes discovery, ingest, packaging and snapshots over the fleet, for the run `session`. */
export function buildPictureStages(site: Site, fleet: Fleet, session: number): PictureStages {
  const { config, storage, loggerOf } = site;
  const { cameras, projects, guard, onvif } = fleet;
  const discovery = new DiscoveryJobs({
    ...config.discovery,
    clock,
    logger: loggerOf('discovery'),
    client: onvif,
    guard,
    registered: cameras,
  });
  const hub = new StreamHub({ ...config.ingest, clock, logger: loggerOf('ingest'), sources: cameras, guard });
  const { maxConcurrent } = config.snapshots;
  const program = ffmpegFinder(config.ffmpeg.path);
  const decoder = new KeyFrameDecoder({ clock, program, maxConcurrent });
  const { converted, live } = buildLive(site, cameras, hub, { program, session });
  const snapshots = new SnapshotService({
    ...storage,
    clock,
    logger: loggerOf('snapshots'),
    feeds: hub,
    decoder,
    cameras,
    projectName: (projectId) => projects.get(projectId)?.name,
    config: config.snapshots,
  });
  const timelapses = buildTimelapses(site, program);
  const timeline = buildTimeline(site, fleet);
  return { discovery, hub, decoder, converted, live, snapshots, timeline, timelapses };
}

/** Makes the record as the timeline page works with it. */
function buildTimeline({ config, storage, loggerOf }: Site, { cameras, projects }: Fleet): SnapshotTimeline {
  return new SnapshotTimeline({
    ...storage,
    clock,
    logger: loggerOf('snapshots'),
    cameras,
    milestonesOf: (projectId) => projects.get(projectId)?.milestones.map(({ id }) => id) ?? [],
    config: config.snapshots,
  });
}

/** Makes live pictures over the hub's streams and their conversions. */
function buildLive(
  { config, loggerOf }: Site,
  cameras: Cameras,
  hub: StreamHub,
  { program, session }: { program: () => Promise<FfmpegProgram>; session: number },
): Pick<PictureStages, 'converted' | 'live'> {
  const shared = { clock, logger: loggerOf('packaging'), feeds: hub };
  const { maxConcurrent } = config.transcode;
  const { idleTimeoutSec } = config.ingest;
  const converted = new ConvertedFeeds({ ...shared, program, maxConcurrent, idleTimeoutSec });
  const seen = liveCameras(cameras, hub, maxConcurrent > 0);
  return {
    converted,
    live: new LiveStreams({ ...config.live, ...shared, converted, cameras: seen, session }),
  };
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

/** Makes the numbering of the gateway's runs. */
export function buildSessions({ storage, loggerOf }: Site): GatewaySessions {
  return new GatewaySessions({ database: storage.database, clock, logger: loggerOf('status') });
}

/** Makes the health of all cameras for the run `session`. */
export function buildHealth(
  { config, storage, loggerOf }: Site,
  { cameras, projects }: Fleet,
  { hub, snapshots }: PictureStages,
  runs: { sessions: GatewaySessions; session: number },
): HealthBoard {
  return new HealthBoard({
    ...runs,
    clock,
    logger: loggerOf('status'),
    database: storage.database,
    feeds: hub,
    cameras: healthCameras(cameras, projects),
    snapshots,
    probeIntervalSec: config.status.probeIntervalSec,
    mode: config.ingest.mode,
  });
}

/** Looks for FFmpeg once, when it is first needed; a search that failed is made again. */
function ffmpegFinder(configuredPath: string | undefined): () => Promise<FfmpegProgram> {
  let search: Promise<FfmpegProgram> | undefined;
  return () => {
    search ??= findFfmpeg(configuredPath).catch((error: unknown) => {
      search = undefined;
      throw error;
    });
    return search;
  };
}
