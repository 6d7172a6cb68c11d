import type { CameraDefinition } from './camera-definition.ts';

type Change = (camera: CameraDefinition) => Partial<CameraDefinition>;

const eightHoursSec = 8 * 3600;

/** The ways in which real cameras differ, by the word that the command line has for each. */
const changes: Record<string, Change> = {
  plain: () => ({}),
  ahead: () => ({ clockOffsetSec: eightHoursSec }),
  behind: () => ({ clockOffsetSec: -eightHoursSec }),
  digest: () => ({ onvifAuth: 'digest' }),
  wsse: () => ({ onvifAuth: 'wsse' }),
  either: () => ({ onvifAuth: 'both' }),
  together: () => ({ onvifAuth: 'together' }),
  tls: () => ({ tls: true }),
  media1: () => ({ media: 'media1', codec: 'h264' }),
  media2: () => ({ media: 'media2' }),
  'wrong-xaddr': () => ({ wrongXaddr: true }),
  ptz: () => ({ ptz: true }),
};

/** The words there are. */
export const variantWords: readonly string[] = Object.keys(changes);

/** True for words there are, joined by `+`, as in `tls+media2`. */
export const isVariant = (variant: string): boolean =>
  variant.split('+').every((word) => Object.hasOwn(changes, word));

/** The camera changed as its variant says; unchanged when there is none. */
export function variantOf(camera: CameraDefinition, variant: string | undefined): CameraDefinition {
  const words = variant === undefined ? [] : variant.split('+');
  return words.reduce((changed, word) => ({ ...changed, ...changes[word]?.(changed) }), camera);
}
