/** Ways a live picture reaches the browser. */
export type Transport = 'ws' | 'hls' | 'native-hls';

/** What the browser can do. */
export interface Browser {
  /** MediaSource or ManagedMediaSource. */
  mediaSource: boolean;
  webSocket: boolean;
  /** A video element that plays playlists by itself. */
  nativeHls: boolean;
}

/** The transports to try in order: the quickest first, playlists where sockets or MediaSource are missing. */
export function chooseTransports(browser: Browser): Transport[] {
  const order: Transport[] = [];
  if (browser.mediaSource && browser.webSocket) order.push('ws');
  if (browser.mediaSource) order.push('hls');
  if (browser.nativeHls) order.push('native-hls');
  return order;
}
