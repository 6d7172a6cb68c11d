import type { Clock } from '../../base/clock.ts';
import { delay } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import type { NetworkGuard } from '../../base/network-guard.ts';
import { DatagramTransport } from './datagram-transport.ts';
import { InterleavedTransport } from './interleaved-transport.ts';
import type { PacketSink, PacketTransport, TrackName } from './packet-transport.ts';
import type { RtspCredentials } from './rtsp-authorization.ts';
import { answered } from './rtsp-answer.ts';
import type { RtspDialog } from './rtsp-dialog.ts';
import { RtspEntrance } from './rtsp-entrance.ts';
import { RtspKeepAlive } from './rtsp-keep-alive.ts';
import type { RtspLink } from './rtsp-link.ts';
import { headerOf } from './rtsp-message.ts';
import type { RtspResponse } from './rtsp-message.ts';
import { resolveControl } from './rtsp-url.ts';
import { parseSdp } from './sdp.ts';
import { planTracks } from './track-plan.ts';
import type { SessionPlan, TrackPlan } from './track-plan.ts';

/** TCP with UDP where the camera refuses TCP, TCP alone, or UDP with TCP where the camera refuses UDP. */
export type TransportChoice = 'auto' | 'tcp' | 'udp';

/** Receives what a session brings. */
export interface RtspSessionSink extends PacketSink {
  /** The session ended by itself; called at most once, after `open()` and not after `close()`. */
  onEnd(error: GatewayError): void;
  /** The camera asks to go on elsewhere, or to begin anew where it names no place (RFC 2326 section 10.10). */
  onRedirect(url: string | null): void;
}

export interface RtspSessionOptions {
  clock: Clock;
  guard: NetworkGuard;
  url: string;
  /** Where the camera sent us by REDIRECT; asked instead of `url`, whose host alone may get the password by Basic. */
  movedTo?: string | undefined;
  credentials: RtspCredentials;
  /** Time for the connect and for each reply. */
  timeoutMs: number;
  transport: TransportChoice;
  sink: RtspSessionSink;
}

const UNSUPPORTED_TRANSPORT = 461;
const INVALID_RANGE = 457;
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
  #keepAlive: RtspKeepAlive | undefined;
  /** The SETUP under way, which may still be granted when the session is closed. */
  #granting: Promise<unknown> | undefined;
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
    const { sink } = this.#options;
    const entrance = new RtspEntrance({
      ...this.#options,
      onLink: (link) => {
        this.#link = link;
        if (this.#closed) link.close();
      },
      onPacket: (channel, buffer, start, end) => {
        if (!this.#closed) this.#interleaved.take(channel, buffer, start, end);
      },
      isKnownChannel: (channel) => this.#interleaved.knows(channel),
      onEnded: (error) => this.#fail(error),
      onRedirect: (url) => {
        if (!this.#closed) sink.onRedirect(url);
      },
    });
    const found = await entrance.enter();
    this.#dialog = found.dialog;
    this.#methods = found.methods;
    this.#cameraAddress = found.address;
    this.#baseUri = found.baseUri;
    const description = parseSdp(found.description);
    this.#aggregateUri = resolveControl(this.#baseUri, description.control);
    return planTracks(description);
  }

  /** Sets up the planned tracks and starts them; returns those that run. A refused sound track is left out. */
  async play(plan: SessionPlan): Promise<SessionPlan> {
    await this.#setUpVideo(plan.video);
    const audio = plan.audio && (await this.#trySetUpAudio(plan.audio)) ? plan.audio : null;
    this.#transport.openWay();
    const dialog = this.#requireDialog();
    let reply = await dialog.send('PLAY', this.#aggregateUri, { Range: 'npt=0.000-' });
    // Live sources need no range, and some refuse any.
    if (reply.status === INVALID_RANGE) reply = await dialog.send('PLAY', this.#aggregateUri);
    if (reply.status >= 300) throw answered('PLAY', reply);
    if (!this.#closed) this.#startKeepAlive(dialog);
    return { video: plan.video, audio };
  }

  /** Says TEARDOWN where a session exists or comes to be, waits for the answers for a second at most, and disconnects. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#keepAlive?.stop();
    this.#transport.close();
    const dialog = this.#dialog;
    if (dialog && (dialog.sessionId !== undefined || this.#granting)) {
      await Promise.race([this.#sayGoodbye(dialog), delay(this.#options.clock, TEARDOWN_WAIT_MS)]);
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

  /** Cameras count their sessions: one that is granted while we leave is torn down too. */
  async #sayGoodbye(dialog: RtspDialog): Promise<void> {
    await this.#granting?.catch(() => undefined);
    if (dialog.sessionId === undefined) return;
    await dialog.send('TEARDOWN', this.#aggregateUri).catch(() => undefined);
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
    const asking = this.#requireDialog().send('SETUP', uri, { Transport: offer });
    this.#granting = asking;
    const reply = await asking;
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

  #startKeepAlive(dialog: RtspDialog): void {
    this.#keepAlive = new RtspKeepAlive({
      clock: this.#options.clock,
      dialog,
      uri: this.#aggregateUri,
      takesGetParameter: this.#methods.has('GET_PARAMETER'),
      onLost: (error) => this.#fail(error),
    });
    this.#keepAlive.start();
  }

  #fail(error: GatewayError): void {
    if (!this.#closed) this.#options.sink.onEnd(error);
  }

  #requireDialog(): RtspDialog {
    if (!this.#dialog) throw new GatewayError('internal', 'the RTSP session is not open');
    if (this.#closed) throw new GatewayError('camera-offline', 'the session was closed by the gateway');
    return this.#dialog;
  }
}
