/** What phones have beside the standard: iPhones show a video alone, Android turns the screen. */
interface PhoneVideo extends HTMLVideoElement {
  webkitEnterFullscreen?: () => void;
}
interface TurningScreen {
  lock?: (orientation: 'landscape') => Promise<void>;
}

/** Shows the element on the whole screen, or leaves that; where the browser only does so with videos, the video in it. */
export async function toggleFullScreen(stage: HTMLElement): Promise<void> {
  if (document.fullscreenElement !== null) return document.exitFullscreen();
  if (typeof stage.requestFullscreen !== 'function') {
    stage.querySelector<PhoneVideo>('video')?.webkitEnterFullscreen?.();
    return;
  }
  try {
    await stage.requestFullscreen();
    await (screen.orientation as TurningScreen).lock?.('landscape');
  } catch {
    // Refused by policy, or a screen that cannot be turned: the picture stays as it is.
  }
}
