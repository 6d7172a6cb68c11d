import type { ProfileName } from '../contract/camera.ts';

/** Where and how to pull one profile. The URL carries no user name or password. */
export interface StreamSource {
  url: string;
  username: string;
  password: string;
  /** Changes when address or credentials change: a pull with another revision is torn down and a paused sign-in is tried anew. */
  revision: string;
}

/** What ingest needs of the fleet. */
export interface StreamSources {
  /** The source, or undefined when the camera or that profile does not exist or is disabled. */
  streamSource(cameraId: string, profile: ProfileName): Promise<StreamSource | undefined>;
}
