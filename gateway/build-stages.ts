import { systemClock as clock } from './base/clock.ts';
import { NetworkGuard } from './base/network-guard.ts';
import { buildRecord } from './build-record.ts';
import type { ProgressRecord } from './build-record.ts';
import { DiscoveryJobs } from './discovery/discovery-jobs.ts';
import { OnvifClient } from './discovery/onvif/onvif-client.ts';
import { OnvifControl } from './discovery/onvif/onvif-control.ts';
import { AnnouncementListener } from './discovery/ws-discovery/announcement-listener.ts';
import { findFfmpeg } from './ffmpeg/find-ffmpeg.ts';
import type { FfmpegProgram } from './ffmpeg/find-ffmpeg.ts';
import { KeyFrameDecoder } from './ffmpeg/key-frame-decoder.ts';
import { CameraControl } from './fleet/camera-control.ts';
import { CameraDevices } from './fleet/camera-devices.ts';
import { CameraStore } from './fleet/camera-store.ts';
import { Cameras } from './fleet/cameras.ts';
import { DraftCameras } from './fleet/draft-cameras.ts';
import { CredentialSetStore } from './fleet/credential-set-store.ts';
import { CredentialSets } from './fleet/credential-sets.ts';
import { MovedCameras } from './fleet/moved-cameras.ts';
import { ProjectStore } from './fleet/project-store.ts';
import { Projects } from './fleet/projects.ts';
import { Rosters } from './fleet/roster/rosters.ts';
import { StreamHub } from './ingest/stream-hub.ts';
import { ConvertedFeeds } from './packaging/convert/converted-feeds.ts';
import { SoundFeeds } from './packaging/convert/sound/sound-feeds.ts';
import { LiveStreams } from './packaging/live-streams.ts';
import { DevicePreviews } from './snapshots/device-previews.ts';
import { cameraClocks, healthCameras, liveCameras } from './stage-views.ts';
import { GatewaySessions } from './status/gateway-sessions.ts';
import { HealthBoard } from './status/health-board.ts';
import { ProjectLights } from './summaries/project-lights.ts';
import type { Fleet, Site } from './site.ts';

/** Cameras answer within a second or two; some say it twice. */
const LOST_SEARCH_SEC = 5;

/** The stages that carry pictures; made, not started. */
export interface PictureStages extends ProgressRecord {
  discovery: DiscoveryJobs;
  hub: StreamHub;
  decoder: KeyFrameDecoder;
  sound: SoundFeeds;
  converted: ConvertedFeeds;
  live: LiveStreams;
  previews: DevicePreviews;
}

/** Reads the fleet from the database. */
export async function openFleet(site: Site): Promise<Fleet> {
  const { config, storage, loggerOf } = site;
  const { database, secretBox } = storage;
  const guard = new NetworkGuard(config.discovery.allowedNetworks);
  const onvif = new OnvifClient({ clock, guard, logger: loggerOf('discovery') });
  const onvifControl = new OnvifControl({ clock, access: onvif.access });
  const announcements = new AnnouncementListener({
    clock,
    guard,
    logger: loggerOf('discovery'),
    interfaces: config.discovery.interfaces,
  });
  const credentialSets = new CredentialSets({ clock, store: new CredentialSetStore(database), secretBox });
  const { cameras, projects } = buildRecords(site, onvif, credentialSets);
  const devices = new CameraDevices({ clock, cameras });
  const control = new CameraControl({ cameras, devices, control: onvifControl });
  const known = { registered: cameras, signIns: credentialSets };
  const drafts = new DraftCameras({ clock, logger: loggerOf('fleet'), reader: onvif, ...known });
  const allows = (address: string): boolean => guard.allows(address);
  const rosters = new Rosters({ logger: loggerOf('fleet'), cameras, projects, credentialSets, allows });
  await projects.start();
  await credentialSets.start();
  await cameras.start();
  const found = { guard, onvif, onvifControl, announcements };
  return { ...found, cameras, drafts, devices, control, credentialSets, rosters, projects };
}

/** Makes cameras and projects, which know of each other. */
function buildRecords(
  { storage, loggerOf }: Site,
  reader: OnvifClient,
  credentialSets: CredentialSets,
): Pick<Fleet, 'cameras' | 'projects'> {
  const { database, secretBox } = storage;
  const logger = loggerOf('fleet');
  const cameras: Cameras = new Cameras({
    clock,
    logger,
    store: new CameraStore(database),
    reader,
    secretBox,
    projectExists: (id) => projects.get(id) !== undefined,
    credentialSets,
  });
  const projects = new Projects({
    clock,
    logger,
    store: new ProjectStore(database),
    hasCameras: (id) => cameras.all().some(({ projectId }) => projectId === id),
  });
  return { cameras, projects };
}

/** Makes discovery, ingest, packaging and snapshots over the fleet, for the run `session`. */
export function buildPictureStages(site: Site, fleet: Fleet, session: number): PictureStages {
  const { config, loggerOf } = site;
  const { cameras, drafts, guard, onvif } = fleet;
  const discovery = new DiscoveryJobs({
    ...config.discovery,
    clock,
    logger: loggerOf('discovery'),
    client: onvif,
    guard,
    registered: cameras,
    credentialSets: fleet.credentialSets,
    onHeard: (device) => fleet.announcements.found(device),
  });
  const hub = new StreamHub({ ...config.ingest, clock, logger: loggerOf('ingest'), sources: drafts, guard });
  const { maxConcurrent } = config.snapshots;
  const program = ffmpegFinder(config.ffmpeg.path);
  const decoder = new KeyFrameDecoder({ clock, program, maxConcurrent });
  const { sound, converted, live } = buildLive(site, cameras, hub, { program, session });
  const record = buildRecord(site, fleet, { feeds: hub, decoder, program });
  const previews = new DevicePreviews({
    clock,
    logger: loggerOf('discovery'),
    guard,
    searches: discovery,
    onvif,
    decoder,
  });
  return { discovery, hub, decoder, sound, converted, live, previews, ...record };
}

/** Makes live pictures over the hub's streams and their conversions. */
function buildLive(
  { config, loggerOf }: Site,
  cameras: Cameras,
  hub: StreamHub,
  { program, session }: { program: () => Promise<FfmpegProgram>; session: number },
): Pick<PictureStages, 'sound' | 'converted' | 'live'> {
  const logger = loggerOf('packaging');
  const { maxConcurrent, maxConcurrentSound } = config.transcode;
  const conversion = { clock, logger, program, idleTimeoutSec: config.ingest.idleTimeoutSec };
  const sound = new SoundFeeds({ ...conversion, feeds: hub, maxConcurrent: maxConcurrentSound });
  const shared = { clock, logger, feeds: sound };
  const converted = new ConvertedFeeds({ ...conversion, ...shared, maxConcurrent });
  const seen = liveCameras(cameras, hub, config.transcode);
  return {
    sound,
    converted,
    live: new LiveStreams({ ...config.live, ...shared, converted, cameras: seen, session }),
  };
}

/** Makes the numbering of the gateway's runs. */
export function buildSessions({ storage, loggerOf }: Site): GatewaySessions {
  return new GatewaySessions({ database: storage.database, clock, logger: loggerOf('status') });
}

/** Makes the health of all cameras for the run `session`. */
export function buildHealth(
  { config, storage, loggerOf }: Site,
  { cameras, projects, devices, onvifControl }: Fleet,
  { hub, snapshots, disk }: PictureStages,
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
    disk,
    clocks: cameraClocks(devices, onvifControl),
    timeZone: config.snapshots.timeZone,
    ...config.status,
    clockLimitSec: config.status.clockDriftSec,
    mode: config.ingest.mode,
  });
}

/** Makes the lights of all projects, by the site's calendar. */
export function buildProjectLights(
  { config, loggerOf }: Site,
  { cameras, projects }: Fleet,
  health: HealthBoard,
): ProjectLights {
  const { timeZone } = config.snapshots;
  const { warnDays } = config.tracker;
  return new ProjectLights({
    clock,
    logger: loggerOf('summaries'),
    timeZone,
    warnDays,
    projects,
    cameras,
    health,
  });
}

/** Makes what follows cameras to new addresses; searches of its own belong to nobody, so only admins see them. */
export function buildMovedCameras(
  { loggerOf }: Site,
  { cameras, devices, onvif, announcements }: Fleet,
  { discovery }: PictureStages,
  health: Pick<HealthBoard, 'health'>,
): MovedCameras {
  const logger = loggerOf('fleet');
  return new MovedCameras({
    clock,
    logger,
    cameras,
    devices,
    reader: onvif,
    announcements,
    isDown: (cameraId) => health.health(cameraId)?.light === 'red',
    search() {
      try {
        discovery.start({ method: 'multicast', timeoutSec: LOST_SEARCH_SEC });
      } catch (error) {
        logger.warn({ err: error }, 'lost cameras could not be searched for');
      }
    },
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
