import { pictureEffects } from './picture/picture-effect.ts';

/** The ways a camera can be told to misbehave. */
export const faultKinds = [
  'none',
  'drop',
  'offline',
  'freeze',
  'black',
  'wrongClock',
  'wrongPassword',
  'slow',
  'silent',
  'lowFps',
  'loss',
  ...pictureEffects,
  'otherCertificate',
] as const;

/** One way to misbehave. */
export type FaultKind = (typeof faultKinds)[number];

/** An order to misbehave, with its measures. */
export interface CameraFault {
  kind: FaultKind;
  /** Ends by itself after so long; undefined: until told otherwise. */
  seconds?: number | undefined;
  /** wrongClock: how far the camera's clock is off. */
  offsetSec: number;
  /** slow: delay of each reply. */
  delayMs: number;
  /** lowFps: share of the frames that is sent; loss: share of the packets that is lost. */
  share: number;
}

/** Reads the control request's body; a string says what is wrong with it. */
export function parseFault(body: unknown): CameraFault | string {
  if (typeof body !== 'object' || body === null)
    return 'expected a JSON object like {"fault":"drop","seconds":10}';
  const given = body as Record<string, unknown>;
  const kind = faultKinds.find((known) => known === given['fault']);
  if (kind === undefined) return `fault must be one of: ${faultKinds.join(', ')}`;
  for (const name of ['seconds', 'offsetSec', 'delayMs', 'ms', 'share']) {
    const value = given[name];
    if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value)))
      return `${name} must be a number`;
  }
  const numberOf = (name: string): number | undefined => given[name] as number | undefined;
  const measures = {
    seconds: numberOf('seconds'),
    offsetSec: numberOf('offsetSec') ?? 3600,
    delayMs: numberOf('ms') ?? numberOf('delayMs') ?? 3000,
    share: numberOf('share') ?? (kind === 'loss' ? 0.05 : 0.3),
  };
  return wrongMeasure(measures) ?? { kind, ...measures };
}

function wrongMeasure({ seconds, share }: Pick<CameraFault, 'seconds' | 'share'>): string | undefined {
  if (seconds !== undefined && (seconds <= 0 || seconds > 86_400))
    return 'seconds must be between 0 and 86400';
  return share <= 0 || share >= 1 ? 'share must lie between 0 and 1' : undefined;
}
