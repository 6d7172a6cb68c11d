import type { CancelTimer, Clock } from '../../base/clock.ts';
import { delay } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import type { NetworkGuard } from '../../base/network-guard.ts';
import type { RtspCredentials } from './rtsp-authorization.ts';
import { RtspDialog } from './rtsp-dialog.ts';
import { RtspLink } from './rtsp-link.ts';
import { headerOf } from './rtsp-message.ts';
import type { RtspResponse } from './rtsp-message.ts';
import { parseRtspUrl, resolveControl } from './rtsp-url.ts';
import { parseSdp } from './sdp.ts';
import { planTracks } from './track-plan.ts';
import type { SessionPlan, TrackPlan } from './track-plan.ts';
import { parseTransport } from './transport-header.ts';

/** Receives what a session brings. */
export interface RtspSessionSink {
  onRtp(track: 'video' | 'audio', buffer: Buffer, start: number, end: number): void;
  onRtcp(track: 'video' | 'audio', buffer: Buffer, start: number, end: number): void;
  /** The connection ended by itself; called at most once, and not after `close()`. */
  onEnd(error: GatewayError): void;
}

export interface RtspSessionOptions {
  clock: Clock;
  guard: NetworkGuard;
  url: string;
  credentials: RtspCredentials;
  /** Time for the connect and for each reply. */
  timeoutMs: number;
  sink: RtspSessionSink;
}

interface Route {
  track: 'video' | 'audio';
  rtcp: boolean;
}

const MAX_REDIRECTS = 3;
const TEARDOWN_WAIT_MS = 1000;

/** One RTSP session (RFC 2326) over interleaved TCP: `open()`, `play()`, then packets until `close()`; used once. */
export class RtspSession {
  readonly #options: RtspSessionOptions;
  readonly #routes = new Map<number, Route>();
  #link: RtspLink | undefined;
  #dialog: RtspDialog | undefined;
  #methods: ReadonlySet<string> = new Set();
  #aggregateUri = '';
  #baseUri = '';
  #cancelKeepAlive: CancelTimer | undefined;
  #closed = false;

  constructor(options: RtspSessionOptions) {
    this.#options = options;
  }

  /** Connects and asks for the description; throws GatewayError `camera-*`, `unsupported-codec`, `address-not-allowed`. */
  async open(): Promise<SessionPlan> {
    let url = this.#options.url;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const reply = await this.#describe(url);
      if (reply.status < 300 || reply.status >= 400) return this.#readDescription(reply, url);
      const location = headerOf(reply, 'location');
      if (!location) throw answered('DESCRIBE', reply, 'it names no other place to ask');
      this.#leaveLink();
      url = location;
    }
    throw new GatewayError('camera-protocol-error', 'the camera redirects in a circle');
  }

  /** Sets up the planned tracks and starts them; returns those that run. A refused sound track is left out. */
  async play(plan: SessionPlan): Promise<SessionPlan> {
    await this.#setUp('video', plan.video, 0);
    const audio = plan.audio && (await this.#trySetUpAudio(plan.audio)) ? plan.audio : null;
    const dialog = this.#requireDialog();
    const reply = await dialog.send('PLAY', this.#aggregateUri, { Range: 'npt=0.000-' });
    if (reply.status >= 300) throw answered('PLAY', reply);
    this.#scheduleKeepAlive(dialog);
    return { video: plan.video, audio };
  }

  /** Says TEARDOWN where a session exists, waits for the answer for a second at most, and disconnects. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelKeepAlive?.();
    const dialog = this.#dialog;
    if (dialog?.sessionId !== undefined) {
      const goodbye = dialog.send('TEARDOWN', this.#aggregateUri).catch(() => undefined);
      await Promise.race([goodbye, delay(this.#options.clock, TEARDOWN_WAIT_MS)]);
    }
    this.#link?.close();
  }

  get bytesReceived(): number {
    return this.#link?.bytesReceived ?? 0;
  }

  /** Time of the TCP connect; null before. */
  get rttMs(): number | null {
    return this.#link?.rttMs ?? null;
  }

  /** True when the camera asked for a sign-in and took it. */
  get signedIn(): boolean {
    return this.#dialog?.signedIn ?? false;
  }

  async #describe(url: string): Promise<RtspResponse> {
    const target = parseRtspUrl(url);
    if (!target) throw new GatewayError('camera-protocol-error', 'the stream address is not an rtsp:// URL');
    const { clock, guard, timeoutMs, credentials, sink } = this.#options;
    const address = await guard.resolve(target.host);
    const link = new RtspLink({
      clock,
      target,
      address,
      timeoutMs,
      onPacket: (channel, buffer, start, end) => this.#route(channel, buffer, start, end),
      isKnownChannel: (channel) => this.#routes.has(channel),
      onClosed: (error) => {
        if (!this.#closed && link === this.#link) sink.onEnd(error);
      },
    });
    this.#link = link;
    await link.connect();
    const dialog = new RtspDialog(link, credentials);
    this.#dialog = dialog;
    this.#baseUri = target.uri;
    const options = await dialog.send('OPTIONS', target.uri);
    this.#methods = new Set((headerOf(options, 'public') ?? '').toUpperCase().split(/[\s,]+/));
    return dialog.send('DESCRIBE', target.uri, { Accept: 'application/sdp' });
  }

  #readDescription(reply: RtspResponse, url: string): SessionPlan {
    if (reply.status === 404) {
      const path = url.replace(/^rtsps?:\/\/[^/]*/i, '');
      throw answered('DESCRIBE', reply, `the stream path ${path || '/'} does not exist on the camera`);
    }
    if (reply.status >= 300) throw answered('DESCRIBE', reply);
    const base = headerOf(reply, 'content-base') || headerOf(reply, 'content-location') || '';
    this.#baseUri = parseRtspUrl(base)?.uri ?? this.#baseUri;
    const description = parseSdp(reply.body.toString('utf8'));
    this.#aggregateUri = resolveControl(this.#baseUri, description.control);
    return planTracks(description);
  }

  async #setUp(track: 'video' | 'audio', plan: TrackPlan, channel: number): Promise<void> {
    this.#addRoutes(track, channel, channel + 1);
    const uri = resolveControl(this.#baseUri, plan.control);
    const reply = await this.#requireDialog().send('SETUP', uri, {
      Transport: `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`,
    });
    if (reply.status === 461) throw answered('SETUP', reply, 'the camera does not send RTP over TCP');
    if (reply.status >= 300) throw answered('SETUP', reply);
    const { interleaved } = parseTransport(headerOf(reply, 'transport') ?? '');
    // The camera's word holds when it chose other channels than those asked for.
    if (interleaved) this.#addRoutes(track, interleaved.rtp, interleaved.rtcp);
  }

  async #trySetUpAudio(plan: TrackPlan): Promise<boolean> {
    try {
      await this.#setUp('audio', plan, 2);
      return true;
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'camera-protocol-error') return false;
      throw error;
    }
  }

  #addRoutes(track: 'video' | 'audio', rtp: number, rtcp: number): void {
    for (const [channel, route] of this.#routes) if (route.track === track) this.#routes.delete(channel);
    this.#routes.set(rtp, { track, rtcp: false });
    this.#routes.set(rtcp, { track, rtcp: true });
  }

  #route(channel: number, buffer: Buffer, start: number, end: number): void {
    const route = this.#routes.get(channel);
    if (!route || this.#closed) return;
    const { sink } = this.#options;
    if (route.rtcp) sink.onRtcp(route.track, buffer, start, end);
    else sink.onRtp(route.track, buffer, start, end);
  }

  #scheduleKeepAlive(dialog: RtspDialog): void {
    const periodMs = Math.max(2, dialog.sessionTimeoutSec / 2) * 1000;
    let method = this.#methods.has('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS';
    const keepAlive = async (): Promise<void> => {
      const reply = await dialog.send(method, this.#aggregateUri);
      if (reply.status === 454) this.#fail(answered(method, reply, 'the camera forgot the session'));
      else if (reply.status >= 400) method = 'OPTIONS';
    };
    this.#cancelKeepAlive = this.#options.clock.every(periodMs, () => {
      // An unanswered keep-alive does no harm as long as frames come; that they come is watched elsewhere.
      keepAlive().catch((error: unknown) => {
        if (error instanceof GatewayError && error.code === 'camera-auth-failed') this.#fail(error);
      });
    });
  }

  #fail(error: GatewayError): void {
    if (!this.#closed) this.#options.sink.onEnd(error);
  }

  #leaveLink(): void {
    const link = this.#link;
    this.#link = undefined;
    this.#dialog = undefined;
    link?.close();
  }

  #requireDialog(): RtspDialog {
    if (!this.#dialog) throw new GatewayError('internal', 'the RTSP session is not open');
    return this.#dialog;
  }
}

function answered(step: string, reply: RtspResponse, explanation?: string): GatewayError {
  const reason = reply.reason ? ` ${reply.reason}` : '';
  return new GatewayError(
    'camera-protocol-error',
    `${step} was answered ${reply.status}${reason}${explanation ? `: ${explanation}` : ''}`,
  );
}
