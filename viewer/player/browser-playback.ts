import { chooseTransports } from './choose-transports.ts';
import { codecMime } from './codec-mime.ts';
import { mediaSourceClass } from './media-source-class.ts';
import type { Transport } from './choose-transports.ts';

const NATIVE_HLS = 'application/vnd.apple.mpegurl';

/** The transports of this browser, in order; `?transport=hls` pins one for a technician who looks for a fault. */
export function browserTransports(): Transport[] {
  const order = chooseTransports({
    mediaSource: mediaSourceClass() !== null,
    webSocket: typeof WebSocket === 'function',
    nativeHls: document.createElement('video').canPlayType(NATIVE_HLS) !== '',
  });
  const pinned = new URLSearchParams(location.search).get('transport');
  const kept = order.filter((transport) => transport === pinned);
  return kept.length > 0 ? kept : order;
}

/** Whether this browser plays the codec; an unknown codec is tried. */
export function browserPlays(codec: string | null): boolean {
  const mime = codecMime(codec);
  if (mime === null) return codec === null;
  const Source = mediaSourceClass();
  if (Source !== null) return Source.isTypeSupported(mime);
  return document.createElement('video').canPlayType(mime) !== '';
}

interface Connected {
  connection?: { saveData?: boolean };
}

/** Whether the person has told the device to save data: then nothing but a pinned HD fetches the main stream. */
export function savesData(): boolean {
  const told = (navigator as Connected).connection?.saveData === true;
  return told || window.matchMedia('(prefers-reduced-data: reduce)').matches;
}
