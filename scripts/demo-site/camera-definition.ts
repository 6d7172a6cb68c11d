import type { SceneName, VideoCodec } from './clip/clip-spec.ts';

/** How a camera's ONVIF service lets people in: by either of the two, one alone, or both in the same request. */
export type OnvifAuth = 'both' | 'wsse' | 'digest' | 'together';

/** What a camera is; fixed by its index, the same at every start. */
export interface CameraDefinition {
  index: number;
  /** `urn:uuid:…`. */
  endpointId: string;
  name: string;
  make: string;
  model: string;
  firmware: string;
  serial: string;
  mac: string;
  scene: SceneName;
  variant: number;
  codec: VideoCodec;
  width: number;
  height: number;
  fps: number;
  audio: boolean;
  ptz: boolean;
  onvifAuth: OnvifAuth;
  rtspBasic: boolean;
  /** Sends the frames at hand to a new viewer, though they need a key frame not yet sent. */
  startsMidGop: boolean;
  absoluteControl: boolean;
  /** ONVIF and pictures over HTTPS with a self-signed certificate. */
  tls: boolean;
  media: 'both' | 'media1' | 'media2';
  /** Believes to have another address, as behind NAT. */
  wrongXaddr: boolean;
  /** How far its clock is off at the start. */
  clockOffsetSec: number;
  mainPath: string;
  subPath: string;
}
