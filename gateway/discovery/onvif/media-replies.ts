import { nodeAt, nodesNamed, numberAt, textAt, toNumber } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';
import type { OnvifProfile } from '../onvif-reading.ts';

/** A profile as a media service describes it, before its URIs are known. */
export interface DescribedProfile extends Omit<OnvifProfile, 'rtspUri' | 'snapshotUri'> {
  hasPtz: boolean;
}

const MOST_PROFILES = 256;

/** Reads the profiles of GetProfilesResponse of Media1. */
export function readMedia1Profiles(body: XmlNode): DescribedProfile[] {
  return profilesOf(body).map((profile) => {
    const encoder = nodeAt(profile, 'VideoEncoderConfiguration');
    const encoding = encoder?.children.find((child) => /^(?:H264|H265|HEVC|MPEG4)$/i.test(child.name));
    return {
      ...identity(profile),
      ...describe(encoder, numberAt(encoding, 'GovLength')),
      media2: false,
      hasPtz: nodeAt(profile, 'PTZConfiguration') !== undefined,
    };
  });
}

/** Reads the profiles of GetProfilesResponse of Media2. */
export function readMedia2Profiles(body: XmlNode): DescribedProfile[] {
  return profilesOf(body).map((profile) => {
    const configurations = nodeAt(profile, 'Configurations');
    const encoder = nodeAt(configurations, 'VideoEncoder');
    return {
      ...identity(profile),
      ...describe(encoder, toNumber(encoder?.attributes.get('GovLength'))),
      media2: true,
      hasPtz: nodeAt(configurations, 'PTZ') !== undefined,
    };
  });
}

/** The URI of GetStreamUriResponse or GetSnapshotUriResponse, of Media1 or Media2. */
export function readMediaUri(body: XmlNode): string | null {
  return textAt(body, 'MediaUri', 'Uri') ?? textAt(body, 'Uri');
}

/**
 * One list out of both media services, the largest picture first. Media2 is believed where it speaks: Media1 cannot
 * name H.265 and calls such streams H264.
 */
export function mergeProfiles(
  media1: readonly DescribedProfile[],
  media2: readonly DescribedProfile[],
): DescribedProfile[] {
  const merged = new Map(media1.map((profile) => [profile.token, profile]));
  for (const profile of media2) {
    const other = merged.get(profile.token);
    merged.set(profile.token, other ? fillGaps(profile, other) : profile);
  }
  const rank = (profile: DescribedProfile): number => (profile.width ?? 0) * (profile.height ?? 0);
  return [...merged.values()].sort(
    (a, b) => rank(b) - rank(a) || (b.fps ?? 0) - (a.fps ?? 0) || (b.bitrateKbps ?? 0) - (a.bitrateKbps ?? 0),
  );
}

function fillGaps(profile: DescribedProfile, other: DescribedProfile): DescribedProfile {
  if (profile.codec === null) return { ...other, media2: true };
  return {
    ...profile,
    width: profile.width ?? other.width,
    height: profile.height ?? other.height,
    fps: profile.fps ?? other.fps,
    bitrateKbps: profile.bitrateKbps ?? other.bitrateKbps,
    gopSec: profile.gopSec ?? other.gopSec,
    hasPtz: profile.hasPtz || other.hasPtz,
  };
}

function profilesOf(body: XmlNode): XmlNode[] {
  return nodesNamed(body, 'Profiles')
    .filter((profile) => profile.attributes.get('token'))
    .slice(0, MOST_PROFILES);
}

function identity(profile: XmlNode): { token: string; name: string } {
  const token = profile.attributes.get('token') ?? '';
  return { token, name: textAt(profile, 'Name')?.slice(0, 120) ?? token };
}

type VideoFacts = Pick<DescribedProfile, 'codec' | 'width' | 'height' | 'fps' | 'bitrateKbps' | 'gopSec'>;

function describe(encoder: XmlNode | undefined, govLength: number | null): VideoFacts {
  // Media1 may thin the frames further; Media2 has no such field.
  const interval = Math.max(1, numberAt(encoder, 'RateControl', 'EncodingInterval') ?? 1);
  const limit = positive(numberAt(encoder, 'RateControl', 'FrameRateLimit'));
  const fps = limit === null ? null : round(limit / interval);
  const frames = positive(govLength);
  return {
    codec: codecName(textAt(encoder, 'Encoding')),
    width: pixels(numberAt(encoder, 'Resolution', 'Width')),
    height: pixels(numberAt(encoder, 'Resolution', 'Height')),
    fps,
    bitrateKbps: positive(numberAt(encoder, 'RateControl', 'BitrateLimit')),
    gopSec: frames === null || fps === null ? null : round(frames / fps),
  };
}

/** `h264`, `h265`, `mjpeg`, `mpeg4`; another name as the device writes it, in lower case. */
function codecName(encoding: string | null): string | null {
  const name = encoding
    ?.replace(/^video\//i, '')
    .toLowerCase()
    .slice(0, 40);
  if (!name) return null;
  if (name === 'hevc' || name === 'h.265') return 'h265';
  if (name === 'h.264' || name === 'avc') return 'h264';
  if (name === 'jpeg') return 'mjpeg';
  return name === 'mpv4-es' ? 'mpeg4' : name;
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

function pixels(value: number | null): number | null {
  return value !== null && Number.isInteger(value) && value > 0 && value <= 65_535 ? value : null;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
