import type { Config } from '../config/schema.ts';
import type { Logger } from './base/logger.ts';
import type { NetworkGuard } from './base/network-guard.ts';
import type { OnvifClient } from './discovery/onvif/onvif-client.ts';
import type { OnvifControl } from './discovery/onvif/onvif-control.ts';
import type { AnnouncementListener } from './discovery/ws-discovery/announcement-listener.ts';
import type { CameraControl } from './fleet/camera-control.ts';
import type { CameraDevices } from './fleet/camera-devices.ts';
import type { Cameras } from './fleet/cameras.ts';
import type { CredentialSets } from './fleet/credential-sets.ts';
import type { DraftCameras } from './fleet/draft-cameras.ts';
import type { Projects } from './fleet/projects.ts';
import type { Rosters } from './fleet/roster/rosters.ts';
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
  onvifControl: OnvifControl;
  /** Hello and Bye of devices; made, not started. */
  announcements: AnnouncementListener;
  cameras: Cameras;
  drafts: DraftCameras;
  devices: CameraDevices;
  control: CameraControl;
  credentialSets: CredentialSets;
  rosters: Rosters;
  projects: Projects;
}
