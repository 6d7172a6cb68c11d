import { createHash } from 'node:crypto';
import { toRfc3339 } from '../base/clock.ts';

/** The fields of a snapshot that its chain hash covers. */
export interface ChainLink {
  prevHash: string;
  id: string;
  cameraId: string;
  takenAtMs: number;
  scheduledForMs: number | null;
  width: number;
  height: number;
  bytes: number;
  sha256: string;
  source: string;
}

/** `prevHash` of a camera's first snapshot. */
export const GENESIS_HASH = '0'.repeat(64);

/** SHA-256 (hex) over the canonical text, version 1, described in this folder's README; never changes for a version. */
export function chainHash(link: ChainLink): string {
  const text = [
    'gantry-snapshot-v1',
    `prevHash=${link.prevHash}`,
    `id=${link.id}`,
    `cameraId=${link.cameraId}`,
    `takenAt=${toRfc3339(link.takenAtMs)}`,
    `scheduledFor=${link.scheduledForMs === null ? '-' : toRfc3339(link.scheduledForMs)}`,
    `width=${link.width}`,
    `height=${link.height}`,
    `bytes=${link.bytes}`,
    `sha256=${link.sha256}`,
    `source=${link.source}`,
    '',
  ].join('\n');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** SHA-256 of a picture's bytes, hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
