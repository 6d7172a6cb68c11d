import type { Credentials } from '../contract/discovery.ts';
import type { OnvifReading } from './onvif-reading.ts';

/** Where a found device's picture comes from, with the sign-in that worked; in memory only, as long as its search is kept. */
export interface PreviewSource {
  credentials: Credentials | null;
  certificateSha256: string | null;
  snapshotUri: string | null;
  /** The smallest stream that is there. */
  rtspUri: string | null;
}

/** The way to a small picture: smallest profile first. Null when the device offers neither picture nor stream. */
export function previewSource(reading: OnvifReading, credentials: Credentials | null): PreviewSource | null {
  const smallestFirst = reading.profiles.toReversed();
  const snapshotUri = smallestFirst.find((profile) => profile.snapshotUri !== null)?.snapshotUri ?? null;
  const rtspUri =
    smallestFirst.find(({ codec, rtspUri: uri }) => uri !== null && (codec === 'h264' || codec === 'h265'))
      ?.rtspUri ?? null;
  if (snapshotUri === null && rtspUri === null) return null;
  return { credentials, certificateSha256: reading.certificateSha256, snapshotUri, rtspUri };
}
