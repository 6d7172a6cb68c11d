import { createHash } from 'node:crypto';
import { toRfc3339 } from '../../base/clock.ts';
import { leafHash } from './merkle-tree.ts';

/** Where a camera's chain ends: the picture recorded last. */
export interface ChainHead {
  cameraId: string;
  seq: number;
  id: string;
  chainHash: string;
}

/** What a day's signature covers. */
export interface DayStatement {
  gatewayId: string;
  date: string;
  timeZone: string;
  closedAtMs: number;
  cameras: number;
  root: string;
  /** Hash of the statement of the day closed before; 64 zeros for the first. */
  prevHash: string;
  keyId: string;
}

/** The text signed at each new picture: where the chain of the camera ends now. */
export function headText({ cameraId, seq, id, chainHash }: ChainHead): string {
  return lines('gantry-head-v1', { cameraId, seq, id, chainHash });
}

/** Hash of a camera's leaf in a day's Merkle tree. */
export function headLeaf({ cameraId, seq, chainHash }: Omit<ChainHead, 'id'>): string {
  return leafHash(lines('gantry-leaf-v1', { cameraId, seq, chainHash }));
}

/** The text signed when a day is closed. */
export function dayText({ closedAtMs, ...day }: DayStatement): string {
  const { gatewayId, date, timeZone, cameras, root, prevHash, keyId } = day;
  const closedAt = toRfc3339(closedAtMs);
  return lines('gantry-evidence-v1', {
    gatewayId,
    date,
    timeZone,
    closedAt,
    cameras,
    root,
    prevHash,
    keyId,
  });
}

/** Hash of a day's statement, which the next day's names. */
export function statementHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The text signed when retention removes a picture; the chain hash stands for all fields of the row. */
export function tombstoneText(stone: {
  id: string;
  chainHash: string;
  removedAtMs: number;
  policy: string;
}): string {
  const { id, chainHash, removedAtMs, policy } = stone;
  return lines('gantry-tombstone-v1', { id, chainHash, removedAt: toRfc3339(removedAtMs), policy });
}

/** The text signed when all pictures of a camera are erased by order of a user. */
export function erasureText({
  cameraId,
  seq,
  chainHash,
  erasedAtMs,
}: Omit<ChainHead, 'id'> & { erasedAtMs: number }): string {
  return lines('gantry-erasure-v1', { cameraId, seq, chainHash, erasedAt: toRfc3339(erasedAtMs) });
}

/** A heading and `name=value` lines, each ended by LF; values never hold a line end. */
function lines(heading: string, fields: Record<string, string | number>): string {
  const texts = Object.entries(fields).map(
    ([name, value]) => `${name}=${String(value).replaceAll('\n', ' ')}`,
  );
  return [heading, ...texts, ''].join('\n');
}
