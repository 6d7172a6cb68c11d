import { livePath } from './live-path.ts';
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { siteNow } from '../format/site-time.ts';

/** The newest still picture of a camera and when it was taken (ms since the epoch). */
export interface Poster {
  url: string;
  takenAt: number;
}

/** `undefined` until asked, null when there is none. */
type Held = Poster | null | undefined;

// Browsers open six HTTP/1.1 connections to a server; posters leave two free.
const AT_ONCE = 4;
const held = new Map<string, { poster: Signal<Held>; askedAt: number }>();
const waiting: (() => Promise<void>)[] = [];
let running = 0;

function entry(cameraId: string): { poster: Signal<Held>; askedAt: number } {
  const known = held.get(cameraId);
  if (known !== undefined) return known;
  const fresh = { poster: signal<Held>(undefined), askedAt: 0 };
  held.set(cameraId, fresh);
  return fresh;
}

/** The poster of a camera, kept for the life of the page; one picture a camera. */
export function posterOf(cameraId: string): Signal<Held> {
  return entry(cameraId).poster;
}

/** Fetches the poster again if the last fetch is older than `maxAgeMs`; four at a time. */
export function refreshPoster(cameraId: string, maxAgeMs: number): void {
  const known = entry(cameraId);
  if (Date.now() - known.askedAt < maxAgeMs) return;
  known.askedAt = Date.now();
  waiting.push(() => fetchPoster(cameraId, known.poster));
  next();
}

function next(): void {
  const task = running < AT_ONCE ? waiting.shift() : undefined;
  if (task === undefined) return;
  running += 1;
  void task().finally(() => {
    running -= 1;
    next();
  });
}

async function fetchPoster(cameraId: string, poster: Signal<Held>): Promise<void> {
  try {
    const response = await fetch(`${livePath(cameraId)}/poster.jpg`, {
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) {
      poster.value ??= null;
      return;
    }
    const ageSec = Number(response.headers.get('x-picture-age') ?? 0);
    const url = URL.createObjectURL(await response.blob());
    const before = poster.value;
    poster.value = { url, takenAt: siteNow() - ageSec * 1000 };
    // Elements that still show the old picture keep it until they have drawn the new one.
    if (before) setTimeout(() => URL.revokeObjectURL(before.url), 2000);
  } catch {
    poster.value ??= null;
  }
}
