import type { CancelTimer, Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { ProfileName, StreamInfo } from '../contract/camera.ts';
import type { Rendition } from '../contract/live.ts';
import type { ConvertedFeeds, LiveFeeds } from './convert/converted-feeds.ts';
import type { LiveFile, PlaylistQuery } from './hls/hls-output.ts';
import type { RenditionReport } from './hls/media-playlist.ts';
import { renderMultivariantPlaylist } from './hls/multivariant-playlist.ts';
import type { Variant } from './hls/multivariant-playlist.ts';
import { targetDuration } from './hls/target-duration.ts';
import { StreamPackager } from './stream-packager.ts';
import { convertedVariantOf, isConverted, variantOf } from './variant-facts.ts';
import type { KnownVariant } from './variant-facts.ts';
import { closeCodes } from './ws/ws-output.ts';
import type { LiveViewer } from './ws/ws-output.ts';

/** What packaging needs to know of the cameras. */
export interface LiveCameras {
  has(cameraId: string): boolean;
  renditions(cameraId: string): readonly Rendition[];
  streamInfo(cameraId: string, rendition: Rendition): StreamInfo | null;
  /** The stream that `low` is made of. */
  lowSource(cameraId: string): ProfileName;
}

/** A viewer's place in a stream; the owner of the socket calls `close` when it is gone. */
export interface LiveConnection {
  close(): void;
}

/** Who looks at what now; HLS players are not told apart and count as one. */
export interface LiveViewers {
  cameraId: string;
  rendition: Rendition;
  kind: 'hls' | 'ws';
  count: number;
}

interface LiveStreamsOptions {
  clock: Clock;
  logger: Logger;
  feeds: LiveFeeds;
  /** The same as H.264, for the renditions `h264` and `low`. */
  converted: LiveFeeds & Pick<ConvertedFeeds, 'full' | 'low'>;
  cameras: LiveCameras;
  segmentSec: number;
  segments: number;
  /** Number of this run of the gateway, one more at each start. */
  session: number;
}

interface Live {
  cameraId: string;
  rendition: Rendition;
  packager: StreamPackager;
}

const SWEEP_MS = 1000;
/**
 * Discontinuity numbers grow over restarts of the gateway, as RFC 8216bis wants, and stay small: hls.js keeps an array
 * that long and copies it at every playlist, which takes seconds when they come from the clock.
 */
const DISCONTINUITIES_A_SESSION = 256;
/** The timeline begins a little before the gateway does: pictures already under way have a place on it. */
const TIMELINE_LEAD_MS = 60_000;
/** Time for the small rendition to show what it is, once the large one has. */
const SECOND_VARIANT_WAIT_SEC = 3;
/** What a rendition was found to be is trusted this long without looking again. */
const KNOWN_FOR_MS = 6 * 3_600_000;
/** A player may ask this long for what its list named. */
const NAMED_FOR_MS = 600_000;

/** Live pictures of all cameras over HLS and WebSocket; lives as long as the gateway. */
export class LiveStreams {
  readonly #options: LiveStreamsOptions;
  readonly #live = new Map<string, Live>();
  readonly #known = new Map<string, KnownVariant>();
  /** When a list last named a converted rendition, monotonic ms. */
  readonly #named = new Map<string, number>();
  /** Time between key frames as last measured, s. */
  readonly #gopSec = new Map<string, number>();
  /** Where the lists of renditions that nobody watches now left off counting discontinuities. */
  readonly #discontinuities = new Map<string, number>();
  #originMs = 0;
  #cancelSweep: CancelTimer | undefined;
  #stopped = false;

  constructor(options: LiveStreamsOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock } = this.#options;
    this.#originMs = clock.now() - TIMELINE_LEAD_MS;
    this.#cancelSweep = clock.every(SWEEP_MS, () => this.#sweep());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelSweep?.();
    for (const { packager } of this.#live.values()) packager.stop(closeCodes.goingAway, 'the gateway stops');
    this.#live.clear();
  }

  /**
   * The multivariant playlist, `main` first. Starts the pull of an idle camera, but no conversion.
   * `h264` is listed where the main stream turns out not to be H.264; MJPEG, which no player takes, only as that.
   * Throws `not-found`, `camera-offline` (details: retryAfterSec, reason) or `unsupported-codec`.
   */
  async multivariant(cameraId: string): Promise<string> {
    const names = this.#renditions(cameraId);
    const [first, ...others] = names.filter((name) => !isConverted(name));
    if (!first) throw new GatewayError('not-found', `camera ${cameraId} has no stream`);
    const wanted = others.filter((name) => !this.#knownOf(cameraId, name));
    const started = [first, ...wanted].map((name) => this.#packager(cameraId, name));
    await started[0]?.run();
    await Promise.allSettled(started.slice(1).map((packager) => packager.run(SECOND_VARIANT_WAIT_SEC)));
    // What the streams are may have become known just now.
    const variants = this.#renditions(cameraId).flatMap((name) => this.#variant(cameraId, name) ?? []);
    for (const name of this.#renditions(cameraId).filter(isConverted))
      this.#named.set(keyOf(cameraId, name), this.#options.clock.monotonicMs());
    const playable = variants.filter(({ codecs }) => !codecs.startsWith('mp4v'));
    return renderMultivariantPlaylist(playable.length > 0 ? playable : variants);
  }

  /**
   * The media playlist of a rendition. Throws `not-found`, `camera-offline`, `unsupported-codec`, `bad-request` or
   * `transcoder-busy` (details: retryAfterSec).
   */
  playlist(cameraId: string, rendition: Rendition, query: PlaylistQuery = {}): Promise<string> {
    this.#mustHave(cameraId, rendition);
    const packager = this.#packager(cameraId, rendition);
    return packager.playlist(query, () => this.#reports(cameraId, rendition));
  }

  /** An init segment, segment or part of a playlist served before. Throws `not-found` once it is gone. */
  async file(cameraId: string, rendition: Rendition, name: string): Promise<LiveFile> {
    const found = await this.#live.get(keyOf(cameraId, rendition))?.packager.file(name);
    if (found) return found;
    throw new GatewayError(
      'not-found',
      `${name} is not, or no longer, part of the live stream; load the playlist anew`,
    );
  }

  /** Sends live pictures to a WebSocket; what goes wrong is told by closing it (4404, 4408, 4503) with a plain reason. */
  open(cameraId: string, rendition: Rendition, viewer: LiveViewer): LiveConnection {
    try {
      this.#mustHave(cameraId, rendition);
      return { close: this.#packager(cameraId, rendition).attach(viewer) };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      viewer.close(error.code === 'not-found' ? closeCodes.notFound : closeCodes.unavailable, error.message);
      return { close: () => undefined };
    }
  }

  viewers(): LiveViewers[] {
    const list: LiveViewers[] = [];
    for (const { cameraId, rendition, packager } of this.#live.values()) {
      if (packager.hasHls) list.push({ cameraId, rendition, kind: 'hls', count: 1 });
      if (packager.wsViewers > 0) list.push({ cameraId, rendition, kind: 'ws', count: packager.wsViewers });
    }
    return list;
  }

  #renditions(cameraId: string): readonly Rendition[] {
    if (this.#options.cameras.has(cameraId)) return this.#options.cameras.renditions(cameraId);
    throw new GatewayError('not-found', `there is no camera ${cameraId}`);
  }

  #mustHave(cameraId: string, rendition: Rendition): void {
    if (this.#renditions(cameraId).includes(rendition)) return;
    // Whether a camera needs `low` hangs on its bit rate, which wavers: what a list named stays for a while.
    const key = keyOf(cameraId, rendition);
    const namedMs = this.#named.get(key) ?? Number.NEGATIVE_INFINITY;
    if (this.#live.has(key) || this.#options.clock.monotonicMs() - namedMs < NAMED_FOR_MS) return;
    throw new GatewayError('not-found', `camera ${cameraId} has no rendition ${rendition}`);
  }

  #packager(cameraId: string, rendition: Rendition): StreamPackager {
    const key = keyOf(cameraId, rendition);
    const running = this.#live.get(key);
    if (running) return running.packager;
    if (this.#stopped) throw new GatewayError('shutting-down', 'the gateway is stopping');
    const { clock, logger, feeds, converted, segmentSec, segments } = this.#options;
    if (isConverted(rendition) && converted.full) this.#dropUnusedConversions();
    const packager = new StreamPackager({
      clock,
      logger,
      feeds: rendition === 'low' ? converted.low : rendition === 'h264' ? converted : feeds,
      cameraId,
      profile: this.#sourceOf(cameraId, rendition),
      segmentSec,
      segments,
      targetDurationSec: (heldGopSec) => this.#targetDurationSec(cameraId, heldGopSec),
      gopSec: () => this.#measuredGopSec(cameraId, rendition),
      // Counts on over restarts, and from the same number for all renditions.
      discontinuitySequence:
        this.#discontinuities.get(key) ?? this.#options.session * DISCONTINUITIES_A_SESSION,
      placeOf: (capturedAtMs) => Math.max(0, Math.round((capturedAtMs - this.#originMs) * 90)),
    });
    packager.start();
    this.#live.set(key, { cameraId, rendition, packager });
    return packager;
  }

  /** Conversions that are only kept for viewers who may come back give way to those that are wanted now. */
  #dropUnusedConversions(): void {
    for (const [key, { rendition, packager }] of this.#live) {
      if (!isConverted(rendition) || packager.inUse) continue;
      this.#discontinuities.set(key, packager.nextDiscontinuity);
      packager.stop(closeCodes.goingAway, 'the conversion is needed for another camera');
      this.#live.delete(key);
    }
  }

  #variant(cameraId: string, rendition: Rendition): Variant | undefined {
    if (!isConverted(rendition)) return this.#knownOf(cameraId, rendition)?.variant;
    const { cameras } = this.#options;
    const source = this.#knownOf(cameraId, this.#sourceOf(cameraId, rendition))?.variant;
    const planned = source && convertedVariantOf(source, rendition);
    const running = this.#live.get(keyOf(cameraId, rendition))?.packager;
    const info = cameras.streamInfo(cameraId, rendition);
    return planned && ((running && variantOf(rendition, running, info)) ?? planned);
  }

  /** The camera's own stream that a rendition is, or is made of. */
  #sourceOf(cameraId: string, rendition: Rendition): ProfileName {
    if (rendition === 'low') return this.#options.cameras.lowSource(cameraId);
    return rendition === 'h264' ? 'main' : rendition;
  }

  /** The same for all renditions of a camera (RFC 8216bis, 6.2.4): that of a list in use, else what the longest GOP wants. */
  #targetDurationSec(cameraId: string, heldGopSec: number): number {
    const { segmentSec } = this.#options;
    let longestSec = targetDuration(segmentSec, heldGopSec);
    for (const name of this.#renditions(cameraId)) {
      const inUseSec = this.#live.get(keyOf(cameraId, name))?.packager.targetDurationSec;
      if (inUseSec !== undefined) return inUseSec;
      longestSec = Math.max(longestSec, targetDuration(segmentSec, this.#measuredGopSec(cameraId, name)));
    }
    return longestSec;
  }

  /** Time between key frames: measured now or earlier, else as the camera was set up. */
  #measuredGopSec(cameraId: string, rendition: Rendition): number | null {
    const key = keyOf(cameraId, rendition);
    const { feeds, cameras } = this.#options;
    const nowSec = isConverted(rendition) ? null : feeds.status(cameraId, rendition).measures.gopSec;
    if (nowSec !== null) this.#gopSec.set(key, nowSec);
    return this.#gopSec.get(key) ?? cameras.streamInfo(cameraId, rendition)?.gopSec ?? null;
  }

  #knownOf(cameraId: string, rendition: Rendition): KnownVariant | undefined {
    const key = keyOf(cameraId, rendition);
    const nowMs = this.#options.clock.monotonicMs();
    const packager = this.#live.get(key)?.packager;
    const info = this.#options.cameras.streamInfo(cameraId, rendition);
    const fresh = packager && variantOf(rendition, packager, info);
    if (fresh) this.#known.set(key, { variant: fresh, atMs: nowMs });
    const known = this.#known.get(key);
    return known && nowMs - known.atMs < KNOWN_FOR_MS ? known : undefined;
  }

  #reports(cameraId: string, except: Rendition): RenditionReport[] {
    return this.#renditions(cameraId).flatMap((name) => {
      const packager = name === except ? undefined : this.#live.get(keyOf(cameraId, name))?.packager;
      return packager?.report(`../${name}/stream.m3u8`) ?? [];
    });
  }

  #sweep(): void {
    const { cameras } = this.#options;
    for (const [key, { cameraId, rendition, packager }] of this.#live) {
      // What a camera's codec is can be unknown for a while; a conversion in use is not ended for that.
      const has = isConverted(rendition) || cameras.renditions(cameraId).includes(rendition);
      const exists = has && cameras.has(cameraId);
      if (exists && !packager.sweep()) continue;
      if (!isConverted(rendition)) this.#knownOf(cameraId, rendition);
      this.#measuredGopSec(cameraId, rendition);
      this.#discontinuities.set(key, packager.nextDiscontinuity);
      if (!exists) this.#forget(key);
      packager.stop(closeCodes.notFound, 'the camera was removed');
      this.#live.delete(key);
    }
  }

  #forget(key: string): void {
    this.#known.delete(key);
    this.#gopSec.delete(key);
    this.#named.delete(key);
    this.#discontinuities.delete(key);
  }
}

function keyOf(cameraId: string, rendition: Rendition): string {
  return `${cameraId}/${rendition}`;
}
