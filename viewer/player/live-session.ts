import { backoffMs } from '../api/backoff-ms.ts';
import { chooseRendition } from './choose-rendition.ts';
import { HlsFeed } from './hls-feed.ts';
import { IDLE } from './live-view.ts';
import { NetworkGuide } from './network-guide.ts';
import { NativeHlsFeed } from './native-hls-feed.ts';
import { probeLive } from './probe-live.ts';
import { probeRate } from './probe-rate.ts';
import { StallWatch } from './stall-watch.ts';
import { WsFeed } from './ws-feed.ts';
import type { Rendition } from '../../gateway/contract/live.ts';
import type { RenditionChoice, RenditionQuestion } from './choose-rendition.ts';
import type { Transport } from './choose-transports.ts';
import type { Feed, FeedEnd, FeedEvents } from './feed.ts';
import type { OpenLine } from './live-line.ts';
import type { LiveMeasures, LiveView } from './live-view.ts';

/** What a session needs of the world around it. */
export interface LiveSetting {
  cameraId: string;
  video: HTMLVideoElement;
  transports: readonly Transport[];
  /** Carries what comes over WebSocket. */
  openLine: OpenLine;
  /** Asked whenever a stream is to be chosen; `current` is filled in by the session. */
  question: () => Omit<RenditionQuestion, 'current' | 'conversionRefused'>;
  onView: (view: LiveView) => void;
  /** Runs while the last frame is still in the video, just before the feed leaves it. */
  onClosing: () => void;
}

const FEEDS = { ws: WsFeed, hls: HlsFeed, 'native-hls': NativeHlsFeed };
const WATCH_MS = 500;
/** Fragments come frame by frame over sockets, in parts and segments over playlists. */
const LATE_LIMIT_SEC = { ws: 1.5, hls: 4, 'native-hls': 8 };
/** A gateway that refused to convert is asked again after this time at the earliest. */
const CONVERSION_PAUSE_MS = 30_000;

/** Keeps one video element live: chooses stream and transport, reconnects with backoff, falls back; from start to stop. */
export class LiveSession {
  readonly #setting: LiveSetting;
  readonly #guide: NetworkGuide;
  #view: LiveView = IDLE;
  #feed: Feed | null = null;
  #watch = new StallWatch(0);
  #transportIndex = 0;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #probing = new AbortController();
  #refusedUntil = 0;
  #measuredAt = 0;
  #measuredBytes = 0;

  constructor(setting: LiveSetting) {
    this.#setting = setting;
    this.#guide = new NetworkGuide({
      probe: (signal) => probeRate(setting.cameraId, signal),
      toldKbps: () => setting.question().main?.bitrateKbps ?? null,
      onChange: () => this.reconsider(),
    });
  }

  start(): void {
    this.#ticker = setInterval(() => this.#look(), WATCH_MS);
    this.#attempt = 0;
    this.#open();
  }

  stop(): void {
    clearInterval(this.#ticker);
    this.#close();
    this.#tell(IDLE);
  }

  /** Size or wish changed: changes the stream if another fits better. */
  reconsider(): void {
    const { rendition, state } = this.#view;
    if (state === 'idle' || rendition === null) return;
    const choice = this.#choose();
    // A main stream that turned out not to play stays converted, whatever the camera told of it.
    if (rendition === 'h264' && (choice.kind === 'convert' || renditionOf(choice) === 'main')) return;
    if (renditionOf(choice) !== rendition) this.#reopen();
  }

  /** Tries again now instead of waiting, where nothing plays. */
  retryNow(): void {
    const { state } = this.#view;
    if (state === 'idle' || state === 'playing') return;
    this.#attempt = 0;
    this.#reopen();
  }

  /** Measures since the last call. */
  measures(): LiveMeasures {
    const { video } = this.#setting;
    const now = performance.now();
    const bytes = this.#feed?.bytes ?? 0;
    const spanMs = now - this.#measuredAt;
    const fresh = this.#measuredAt > 0 && spanMs > 0 && bytes > this.#measuredBytes;
    const kbps = fresh ? ((bytes - this.#measuredBytes) * 8) / spanMs : null;
    this.#measuredAt = now;
    this.#measuredBytes = bytes;
    const delaySec = this.#feed?.delaySec ?? null;
    // Over a socket only the buffer is known: what the network holds back comes on top.
    const heldSec = this.#feed?.transport === 'ws' ? this.#guide.lateSec : 0;
    return {
      delaySec: delaySec === null ? null : delaySec + heldSec,
      width: video.videoWidth,
      height: video.videoHeight,
      kbps,
    };
  }

  #reopen(): void {
    this.#close();
    this.#open();
  }

  #open(): void {
    const choice = this.#choose();
    if (choice.kind === 'play') this.#openFeed(choice.rendition);
    else if (choice.kind === 'low') void this.#openLow();
    else void this.#openConverted(choice.codec);
  }

  /** True while the network does not carry the main stream, and nobody has pinned it. */
  get #slowed(): boolean {
    return this.#guide.limited && this.#setting.question().quality === 'auto';
  }

  /** As asked by the person or by size; where nobody pinned it, the network has its say. */
  #choose(): RenditionChoice {
    const asked = this.#setting.question();
    return chooseRendition({
      ...asked,
      quality: this.#slowed ? 'smooth' : asked.quality,
      current: this.#view.rendition,
      conversionRefused: performance.now() < this.#refusedUntil,
    });
  }

  /** The converted stream is not to be had: takes the sub stream if that plays; false when it does not. */
  #openOther(): boolean {
    this.#refusedUntil = performance.now() + CONVERSION_PAUSE_MS;
    const { sub, canPlay } = this.#setting.question();
    if (sub === null || !canPlay(sub.codec)) return false;
    this.#openFeed('sub');
    return true;
  }

  async #openConverted(codec: string | null): Promise<void> {
    const { signal } = this.#probing;
    this.#tell({ ...IDLE, state: 'connecting' });
    const probe = await probeLive(this.#setting.cameraId, signal);
    if (signal.aborted) return;
    if (probe.kind === 'refused') return this.#refused(probe.code, probe.retryAfterSec);
    if (probe.converted) return this.#openFeed('h264');
    if (this.#openOther()) return;
    this.#tell({ ...IDLE, state: 'unsupported', code: codec });
  }

  /** The small rendition where the gateway has one for this camera; else what would be watched without. */
  async #openLow(): Promise<void> {
    const { signal } = this.#probing;
    this.#tell({ ...IDLE, state: 'connecting' });
    const probe = await probeLive(this.#setting.cameraId, signal);
    if (signal.aborted) return;
    if (probe.kind === 'refused') return this.#refused(probe.code, probe.retryAfterSec);
    if (probe.low) return this.#openFeed('low');
    this.#refusedUntil = performance.now() + CONVERSION_PAUSE_MS;
    this.#open();
  }

  #openFeed(rendition: Rendition): void {
    const transport = this.#setting.transports[this.#transportIndex];
    if (transport === undefined) return this.#tell({ ...IDLE, state: 'unsupported', rendition });
    const { video, cameraId, openLine } = this.#setting;
    const events: FeedEvents = {
      onOffline: (code) => this.#tell({ ...this.#view, state: 'offline', code }),
      onEnd: (why) => {
        if (feed === this.#feed) this.#ended(why, rendition);
      },
    };
    const feed: Feed = new FEEDS[transport](video, cameraId, rendition, events, openLine);
    this.#feed = feed;
    this.#watch = new StallWatch(performance.now());
    this.#guide.begin(rendition, LATE_LIMIT_SEC[transport], performance.now());
    const stillOffline = this.#view.state === 'offline';
    const state = stillOffline ? 'offline' : 'connecting';
    const slow = (rendition === 'sub' || rendition === 'low') && this.#slowed;
    this.#tell({ state, transport, rendition, code: stillOffline ? this.#view.code : null, slow });
    feed.start();
    void this.#play();
  }

  async #play(): Promise<void> {
    const { video } = this.#setting;
    try {
      await video.play();
    } catch (error) {
      // Sound without a click is refused; the picture then plays muted.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || video.muted) return;
      video.muted = true;
      await video.play().catch(() => {});
    }
  }

  #ended(why: FeedEnd, rendition: Rendition): void {
    this.#close();
    if (why === 'unsupported') {
      const { main, sub } = this.#setting.question();
      const codec = (rendition === 'sub' ? sub : main)?.codec ?? null;
      if (rendition === 'h264') return this.#tell({ ...IDLE, state: 'unsupported', code: codec });
      return void this.#openConverted(codec);
    }
    if (why === 'lost') return this.#again(this.#view, null);
    void this.#askWhy();
  }

  async #askWhy(): Promise<void> {
    const { signal } = this.#probing;
    const { rendition } = this.#view;
    const list = rendition === 'h264' || rendition === 'low' ? (`${rendition}/stream` as const) : 'index';
    const probe = await probeLive(this.#setting.cameraId, signal, list);
    if (signal.aborted) return;
    if (probe.kind === 'refused') return this.#refused(probe.code, probe.retryAfterSec);
    // The picture is there, but not this way: a proxy may block sockets.
    if (this.#transportIndex + 1 < this.#setting.transports.length) this.#transportIndex += 1;
    this.#again(this.#view, null);
  }

  #refused(code: string, retryAfterSec: number | null): void {
    const denied = code === 'forbidden' || code === 'unauthenticated' || code === 'not-found';
    if (code === 'transcoder-busy' && this.#view.rendition === 'low') {
      this.#refusedUntil = performance.now() + CONVERSION_PAUSE_MS;
      return this.#open();
    }
    if (code === 'transcoder-busy' && this.#openOther()) return;
    if (denied) return this.#tell({ ...IDLE, state: 'denied', code });
    this.#again({ ...this.#view, state: 'offline', code }, retryAfterSec);
  }

  #again(view: LiveView, afterSec: number | null): void {
    this.#tell(view.state === 'playing' ? { ...view, state: 'stalled' } : view);
    const waitMs = Math.max(backoffMs(this.#attempt, Math.random()), (afterSec ?? 0) * 1000);
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.#open(), waitMs);
  }

  #look(): void {
    if (this.#feed === null) return;
    const { video } = this.#setting;
    const nowMs = performance.now();
    const verdict = this.#watch.look(video.currentTime, nowMs);
    if (verdict === 'moving') {
      this.#attempt = 0;
      if (this.#view.state !== 'playing') this.#tell({ ...this.#view, state: 'playing', code: null });
    }
    if (verdict === 'stalled' && this.#view.state === 'playing')
      this.#tell({ ...this.#view, state: 'stalled' });
    if (video.paused && verdict !== 'moving') void this.#play();
    if (verdict === 'dead' && this.#view.state !== 'offline') return this.#ended('lost', 'main');
    const { bytes, run } = this.#feed;
    const { buffered } = video;
    const newestSec = buffered.length === 0 ? null : buffered.end(buffered.length - 1);
    this.#guide.look({ nowMs, bytes, newestSec, run });
  }

  #close(): void {
    clearTimeout(this.#retry);
    this.#probing.abort();
    this.#probing = new AbortController();
    this.#guide.end();
    const feed = this.#feed;
    this.#feed = null;
    if (feed !== null) this.#setting.onClosing();
    feed?.stop();
    this.#measuredAt = 0;
    this.#measuredBytes = 0;
  }

  #tell(view: LiveView): void {
    this.#view = view;
    this.#setting.onView(view);
  }
}

/** What a choice comes to; null for a conversion that has first to be asked for. */
function renditionOf(choice: RenditionChoice): Rendition | null {
  if (choice.kind === 'play') return choice.rendition;
  return choice.kind === 'low' ? 'low' : null;
}
