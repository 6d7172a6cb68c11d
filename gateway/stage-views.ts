import type { Unsubscribe } from './base/emitter.ts';
import type { ProfileName, StreamInfo } from './contract/camera.ts';
import type { Rendition } from './contract/live.ts';
import type { CameraRecord } from './fleet/camera-record.ts';
import type { Cameras } from './fleet/cameras.ts';
import type { Projects } from './fleet/projects.ts';
import type { Feeds } from './ingest/feeds.ts';
import { streamInfoOf } from './ingest/stream-info-of.ts';
import type { LiveCameras } from './packaging/live-streams.ts';
import type { HealthCamera, HealthCameras } from './status/health-camera.ts';

/** The fleet as the status stage sees it: each camera with its project's name at the tracker. */
export function healthCameras(cameras: Cameras, projects: Projects): HealthCameras {
  const view = (camera: CameraRecord): HealthCamera => ({
    id: camera.id,
    name: camera.name,
    projectId: camera.projectId,
    externalProjectId: projects.get(camera.projectId)?.externalId ?? null,
    enabled: camera.enabled,
    maintenanceUntilMs: camera.maintenanceUntilMs,
    profiles: profilesOf(camera),
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

/** The fleet as packaging sees it; what arrives goes before what the camera told at registration. */
export function liveCameras(cameras: Cameras, feeds: Feeds): LiveCameras {
  return {
    has: (cameraId) => cameras.get(cameraId) !== undefined,
    renditions(cameraId): readonly Rendition[] {
      const camera = cameras.get(cameraId);
      return camera ? profilesOf(camera) : [];
    },
    streamInfo(cameraId, rendition): StreamInfo | null {
      if (rendition === 'h264') return null;
      return streamInfoOf(feeds.status(cameraId, rendition), cameras.get(cameraId)?.[rendition] ?? null);
    },
  };
}

function profilesOf(camera: CameraRecord): readonly ProfileName[] {
  return camera.rtsp.sub === null ? ['main'] : ['main', 'sub'];
}
