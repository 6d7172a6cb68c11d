import type { Unsubscribe } from './base/emitter.ts';
import type { ProfileName, StreamInfo } from './contract/camera.ts';
import type { Rendition } from './contract/live.ts';
import type { CameraDevices } from './fleet/camera-devices.ts';
import type { CameraRecord } from './fleet/camera-record.ts';
import type { Cameras } from './fleet/cameras.ts';
import type { Projects } from './fleet/projects.ts';
import { CONVERTED_GOP_SEC, planH264 } from './ffmpeg/h264-plan.ts';
import type { OnvifClient } from './discovery/onvif/onvif-client.ts';
import type { OnvifControl } from './discovery/onvif/onvif-control.ts';
import type { Feeds } from './ingest/feeds.ts';
import { streamInfoOf } from './ingest/stream-info-of.ts';
import type { LiveCameras } from './packaging/live-streams.ts';
import type { CameraStills, Still } from './snapshots/capture.ts';
import type { SnapshotCamera, SnapshotCameras } from './snapshots/snapshot-cameras.ts';
import type { ConversionKind } from './ffmpeg/h264-plan.ts';
import { needsLow } from './packaging/needs-low.ts';
import type { LowLimits } from './packaging/needs-low.ts';
import type { HealthCamera, HealthCameras, HealthClocks } from './status/health-camera.ts';

/** The fleet as the status stage sees it: each camera with its project's name at the tracker. */
export function healthCameras(cameras: Cameras, projects: Projects): HealthCameras {
  const view = (camera: CameraRecord): HealthCamera => ({
    id: camera.id,
    name: camera.name,
    projectId: camera.projectId,
    externalProjectId: projects.get(camera.projectId)?.externalId ?? null,
    enabled: camera.enabled,
    maintenanceUntilMs: camera.maintenanceUntilMs,
    ingestMode: camera.ingestMode,
    profiles: profilesOf(camera),
    toldFps: { main: camera.main?.fps ?? null, sub: camera.sub?.fps ?? null },
    hasOnvif: camera.onvif !== null,
    revision: camera,
  });
  return {
    all: () => cameras.all().map(view),
    onChange(listener): Unsubscribe {
      const ends = [
        cameras.onChange(({ kind, camera }) => listener({ kind, camera: view(camera) })),
        projects.onChange(({ project }) => {
          const affected = cameras.all().filter(({ projectId }) => projectId === project.id);
          for (const camera of affected) listener({ kind: 'changed', camera: view(camera) });
        }),
      ];
      return () => ends.forEach((end) => end());
    },
  };
}

/** The cameras' clocks, asked for over ONVIF. */
export function cameraClocks(devices: CameraDevices, control: OnvifControl): HealthClocks {
  return {
    async driftSec(cameraId): Promise<number | null | undefined> {
      const device = devices.deviceOf(cameraId);
      const read = device && (await control.readClock(device));
      return read?.ok ? read.clockDriftSec : undefined;
    },
  };
}

/**
 * The fleet as packaging sees it; what arrives goes before what the camera told at registration. `h264` is there
 * unless main is known to be H.264, `low` where the smallest stream is too much for a phone or a lone one is not known
 * yet; neither when the gateway may not convert.
 */
export function liveCameras(
  cameras: Cameras,
  feeds: Feeds,
  transcode: { maxConcurrent: number; low: LowLimits },
): LiveCameras {
  const converts = transcode.maxConcurrent > 0;
  const infoOf = (cameraId: string, profile: ProfileName): StreamInfo | null =>
    streamInfoOf(feeds.status(cameraId, profile), cameras.get(cameraId)?.[profile] ?? null);
  return {
    has: (cameraId) => cameras.get(cameraId) !== undefined,
    renditions(cameraId): readonly Rendition[] {
      const camera = cameras.get(cameraId);
      if (!camera) return [];
      const [main, ...others] = profilesOf(camera);
      const whole = converts && infoOf(cameraId, 'main')?.codec !== 'h264';
      const smallest = infoOf(cameraId, smallestOf(camera));
      const toldKbps = camera[smallestOf(camera)]?.bitrateKbps ?? null;
      const low = converts && (smallest ? needsLow(smallest, toldKbps, transcode.low) : others.length === 0);
      return [
        ...(main ? [main] : []),
        ...(whole ? (['h264'] as const) : []),
        ...(low ? (['low'] as const) : []),
        ...others,
      ];
    },
    lowSource(cameraId): ProfileName {
      const camera = cameras.get(cameraId);
      return camera ? smallestOf(camera) : 'main';
    },
    streamInfo(cameraId, rendition): StreamInfo | null {
      if (rendition === 'h264') return convertedInfo(infoOf(cameraId, 'main'), rendition);
      if (rendition === 'low') return convertedInfo(infoOf(cameraId, this.lowSource(cameraId)), rendition);
      return infoOf(cameraId, rendition);
    },
  };
}

/** The fleet as the record sees it: a camera without a schedule of its own has its project's. */
export function snapshotCameras(cameras: Cameras, projects: Projects): SnapshotCameras {
  const view = (camera: CameraRecord): SnapshotCamera => {
    const project = projects.get(camera.projectId);
    const { lat = null, lon = null, schedule = null } = project ?? {};
    const place = lat === null || lon === null ? null : { lat, lon };
    return { ...camera, schedule: camera.schedule ?? schedule, place };
  };
  return {
    get(id) {
      const camera = cameras.get(id);
      return camera && view(camera);
    },
    all: () => cameras.all().map(view),
    onChange(listener): Unsubscribe {
      const ends = [
        cameras.onChange(({ kind, camera }) => listener({ kind, camera: view(camera) })),
        projects.onChange(({ project }) => {
          const affected = cameras.all().filter(({ projectId }) => projectId === project.id);
          for (const camera of affected) listener({ kind: 'changed', camera: view(camera) });
        }),
      ];
      return () => ends.forEach((end) => end());
    },
  };
}

/** The cameras' own stills by ONVIF, for when a stream gives no picture. */
export function cameraStills(cameras: Cameras, onvif: OnvifClient): CameraStills {
  return {
    async fetch(cameraId, signal): Promise<Still | null> {
      const uri = cameras.get(cameraId)?.snapshotUri;
      const access = cameras.onvifAccess(cameraId);
      if (!uri || !access) return null;
      const still = await onvif.snapshot(uri, access.username === '' ? null : access, { signal });
      if (still.ok) return still;
      return { ok: false, reason: STILL_FAILURES[still.failure], message: still.message };
    },
  };
}

const STILL_FAILURES = {
  unreachable: 'unreachable',
  'address-not-allowed': 'unreachable',
  'auth-required': 'auth-failed',
  'auth-failed': 'auth-failed',
  'auth-paused': 'auth-paused',
  'certificate-changed': 'unreachable',
  'protocol-error': 'no-frames',
} as const;

/** What a stream becomes when it is converted; null when its size is not known. */
function convertedInfo(source: StreamInfo | null, kind: ConversionKind): StreamInfo | null {
  if (!source || source.width === null || source.height === null) return null;
  const { width, height, fps, audio } = source;
  const plan = planH264({ width, height, fps }, kind);
  return {
    codec: 'h264',
    profile: 'Main',
    width: plan.width,
    height: plan.height,
    fps,
    bitrateKbps: plan.maxKbps,
    gopSec: CONVERTED_GOP_SEC,
    audio,
  };
}

function smallestOf(camera: CameraRecord): ProfileName {
  return camera.rtsp.sub === null ? 'main' : 'sub';
}

function profilesOf(camera: CameraRecord): readonly ProfileName[] {
  return camera.rtsp.sub === null ? ['main'] : ['main', 'sub'];
}
