import type { CancelTimer, Clock } from '../../base/clock.ts';
import { delay } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import type { NetworkGuard } from '../../base/network-guard.ts';
import type { RtspCredentials } from './rtsp-authorization.ts';
import { DatagramTransport } from './datagram-transport.ts';
import { InterleavedTransport } from './interleaved-transport.ts';
import type { PacketSink, PacketTransport, TrackName } from './packet-transport.ts';
import { RtspDialog } from './rtsp-dialog.ts';
import { RtspLink } from './rtsp-link.ts';
import { headerOf } from './rtsp-message.ts';
import type { RtspResponse } from './rtsp-message.ts';
import { parseRtspUrl, resolveControl } from './rtsp-url.ts';
import { parseSdp } from './sdp.ts';
import { planTracks } from './track-plan.ts';
import type { SessionPlan, TrackPlan } from './track-plan.ts';

/** TCP with UDP where the camera refuses TCP, TCP alone, or UDP with TCP where the camera refuses UDP. */
export type TransportChoice = 'auto' | 'tcp' | 'udp';

/** Receives what a session brings. */
export interface RtspSessionSink extends PacketSink {
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
  transport: TransportChoice;
  sink: RtspSessionSink;
}

const UNSUPPORTED_TRANSPORT = 461;
const MAX_REDIRECTS = 3;
const TEARDOWN_WAIT_MS = 1000;

/** One RTSP session (RFC 2326) with its packets on TCP or UDP: `open()`, `play()`, then packets until `close()`; used once. */
export class RtspSession {
  readonly #options: RtspSessionOptions;
  readonly #interleaved: InterleavedTransport;
  #transport: PacketTransport;
  #link: RtspLink | undefined;
  #dialog: RtspDialog | undefined;
  #methods: ReadonlySet<string> = new Set();
  #aggregateUri = '';
  #baseUri = '';
  #cameraAddress = '';
  #cancelKeepAlive: CancelTimer | undefined;
  #closed = false;

  constructor(options: RtspSessionOptions) {
    this.#options = options;
    const { sink } = options;
    this.#interleaved = new InterleavedTransport(sink, (channel, packet) =>
      this.#link?.sendPacket(channel, packet),
    );
    this.#transport = this.#interleaved;
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
    await this.#setUpVideo(plan.video);
    const audio = plan.audio && (await this.#trySetUpAudio(plan.audio)) ? plan.audio : null;
    this.#transport.openWay();
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
    this.#transport.close();
    const dialog = this.#dialog;
    if (dialog?.sessionId !== undefined) {
      const goodbye = dialog.send('TEARDOWN', this.#aggregateUri).catch(() => undefined);
      await Promise.race([goodbye, delay(this.#options.clock, TEARDOWN_WAIT_MS)]);
    }
    this.#link?.close();
  }

  /** How the packets come: on the RTSP connection or in datagrams. */
  get transport(): 'tcp' | 'udp' {
    return this.#transport.kind;
  }

  sendRtcp(track: TrackName, packet: Buffer): void {
    if (!this.#closed) this.#transport.sendRtcp(track, packet);
  }

  get bytesReceived(): number {
    return (this.#link?.bytesReceived ?? 0) + this.#transport.bytesReceived;
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
    this.#cameraAddress = address;
    const link = new RtspLink({
      clock,
      target,
      address,
      timeoutMs,
      onPacket: (channel, buffer, start, end) => {
        if (!this.#closed) this.#interleaved.take(channel, buffer, start, end);
      },
      isKnownChannel: (channel) => this.#interleaved.knows(channel),
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

  /** Sets the video up over the transport that comes first, else over the other one; sound follows on the same. */
  async #setUpVideo(plan: TrackPlan): Promise<void> {
    const { transport } = this.#options;
    if (transport === 'udp') this.#transport = this.#datagrams();
    let reply = await this.#setUp('video', plan);
    if (reply.status === UNSUPPORTED_TRANSPORT && transport !== 'tcp') {
      this.#transport.drop('video');
      this.#transport = this.#transport.kind === 'udp' ? this.#interleaved : this.#datagrams();
      reply = await this.#setUp('video', plan);
    }
    if (reply.status === UNSUPPORTED_TRANSPORT) {
      const why =
        transport === 'tcp'
          ? 'the camera does not send RTP over TCP; set ingest.transport to auto'
          : 'the camera sends RTP neither over TCP nor over UDP';
      throw answered('SETUP', reply, why);
    }
    if (reply.status >= 300) throw answered('SETUP', reply);
  }

  #datagrams(): DatagramTransport {
    const { clock, sink } = this.#options;
    const localAddress = this.#link?.localAddress ?? '';
    return new DatagramTransport({ clock, localAddress, cameraAddress: this.#cameraAddress, sink });
  }

  async #setUp(track: TrackName, plan: TrackPlan): Promise<RtspResponse> {
    const uri = resolveControl(this.#baseUri, plan.control);
    const offer = await this.#transport.offer(track);
    // Ports that were bound while the session was being closed.
    if (this.#closed) this.#transport.close();
    const reply = await this.#requireDialog().send('SETUP', uri, { Transport: offer });
    if (reply.status < 300) this.#transport.settle(track, headerOf(reply, 'transport') ?? '');
    return reply;
  }

  async #trySetUpAudio(plan: TrackPlan): Promise<boolean> {
    try {
      const reply = await this.#setUp('audio', plan);
      if (reply.status < 300) return true;
    } catch (error) {
      if (!(error instanceof GatewayError && error.code === 'camera-protocol-error')) throw error;
    }
    this.#transport.drop('audio');
    return false;
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
