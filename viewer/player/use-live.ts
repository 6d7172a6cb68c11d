import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { siteNow } from '../format/site-time.ts';
import { browserPlays, browserTransports, savesData } from './browser-playback.ts';
import { IDLE } from './live-view.ts';
import { LiveSession } from './live-session.ts';
import { pageVisible } from './page-visible.ts';
import { useBox } from './use-box.ts';
import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import type { Camera, StreamInfo } from '../../gateway/contract/camera.ts';
import type { Quality } from './choose-rendition.ts';
import type { OpenLine } from './live-line.ts';
import type { Box } from './use-box.ts';
import type { LiveMeasures, LiveView } from './live-view.ts';

const LEAVE_MS = 600;
const MEASURE_MS = 1000;

/** A camera's live picture bound to the elements of one player. */
export interface Live {
  box: Box;
  video: RefObject<HTMLVideoElement>;
  still: RefObject<HTMLCanvasElement>;
  /** When the frame in `still` was on screen; null without one. */
  stillAt: Signal<number | null>;
  view: Signal<LiveView>;
  measures: Signal<LiveMeasures | null>;
  session: RefObject<LiveSession>;
}

/** Runs a live session while `wanted`, the tab in front and the element on screen; one camera for its life. */
export function useLive(camera: Camera, quality: Quality, wanted: boolean, openLine: OpenLine): Live {
  const box = useBox();
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const session = useRef<LiveSession>(null);
  const asked = useRef({ camera, quality });
  const stillAt = useSignal<number | null>(null);
  const view = useSignal<LiveView>(IDLE);
  const measures = useSignal<LiveMeasures | null>(null);
  asked.current = { camera, quality };

  useEffect(() => session.current?.reconsider(), [quality]);

  useEffect(() => {
    if (video.current === null) return undefined;
    const element = video.current;
    session.current = new LiveSession({
      cameraId: camera.id,
      video: element,
      transports: browserTransports(),
      openLine,
      question: () => ({
        main: asked.current.camera.main,
        sub: subOf(asked.current.camera),
        quality: asked.current.quality === 'auto' && savesData() ? 'smooth' : asked.current.quality,
        boxWidthPx: box.widthPx.peek(),
        devicePixelRatio: window.devicePixelRatio,
        canPlay: browserPlays,
      }),
      onView: (next) => {
        view.value = next;
      },
      onClosing: () => {
        if (keepFrame(element, still.current)) stillAt.value = siteNow();
      },
    });
    return () => session.current?.stop();
  }, [camera.id, box.widthPx, stillAt, view, openLine]);

  useRunning(session, view, box, wanted);
  useMeasures(session, view, measures);
  return { box, video, still, stillAt, view, measures, session };
}

const UNKNOWN: StreamInfo = {
  codec: null,
  profile: null,
  width: null,
  height: null,
  fps: null,
  bitrateKbps: null,
  gopSec: null,
  audio: null,
};

/** What is known of the sub stream; a camera registered by hand has one of which nothing is known. */
function subOf({ sub, rtsp }: Camera): StreamInfo | null {
  return sub ?? (rtsp.sub === null ? null : UNKNOWN);
}

/** Starts and stops the session as people can see it, and tells it of the size it has. */
function useRunning(
  session: RefObject<LiveSession>,
  view: Signal<LiveView>,
  box: Box,
  wanted: boolean,
): void {
  const want = useSignal(wanted);
  useNetworkBack(session);
  useEffect(() => {
    want.value = wanted;
  }, [want, wanted]);
  useSignalEffect(() => {
    const run = want.value && pageVisible.value && box.onScreen.value;
    const running = view.peek().state !== 'idle';
    if (run && !running) session.current?.start();
    if (run || !running) return undefined;
    const leaving = setTimeout(() => session.current?.stop(), LEAVE_MS);
    return () => clearTimeout(leaving);
  });
  useSignalEffect(() => {
    if (box.widthPx.value > 0) session.current?.reconsider();
  });
}

/** A device that finds its network again need not wait for the next try. */
function useNetworkBack(session: RefObject<LiveSession>): void {
  useEffect(() => {
    const retry = (): void => session.current?.retryNow();
    window.addEventListener('online', retry);
    return () => window.removeEventListener('online', retry);
  }, [session]);
}

function useMeasures(
  session: RefObject<LiveSession>,
  view: Signal<LiveView>,
  measures: Signal<LiveMeasures | null>,
): void {
  useSignalEffect(() => {
    if (view.value.state !== 'playing') return undefined;
    const timer = setInterval(() => {
      measures.value = session.current?.measures() ?? null;
    }, MEASURE_MS);
    return () => clearInterval(timer);
  });
}

function keepFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement | null): boolean {
  if (canvas === null || video.readyState < 2 || video.videoWidth === 0) return false;
  canvas.width = Math.min(video.videoWidth, 960);
  canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return true;
}
