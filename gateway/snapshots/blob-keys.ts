import { toRfc3339 } from '../base/clock.ts';

/** Where a snapshot's files lie: `snapshots/{cameraId}/{yyyy}/{mm}/{dd}/{id}.jpg` by UTC day, copies beside it. */
export function originalKey(cameraId: string, takenAtMs: number, id: string): string {
  return `${dayFolder(cameraId, takenAtMs)}/${id}.jpg`;
}

/** The key of a stored copy of the original at `key`. */
export function copyKey(key: string, size: 'large' | 'thumb'): string {
  return `${baseKey(key)}.${size}.webp`;
}

/** The original that a file belongs to, be it the original itself or a copy. */
export function originalOf(key: string): string {
  return `${baseKey(key)}.jpg`;
}

/** Folder of a camera's pictures of one UTC day. */
export function dayFolder(cameraId: string, instantMs: number): string {
  return `${cameraFolder(cameraId)}/${toRfc3339(instantMs).slice(0, 10).replaceAll('-', '/')}`;
}

/** Folder of all pictures of a camera. */
export function cameraFolder(cameraId: string): string {
  return `snapshots/${cameraId}`;
}

function baseKey(key: string): string {
  const name = key.lastIndexOf('/') + 1;
  return key.slice(0, name) + key.slice(name).replace(/\..*$/, '');
}
