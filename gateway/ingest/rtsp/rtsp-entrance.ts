import type { Clock } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import type { NetworkGuard } from '../../base/network-guard.ts';
import { answered } from './rtsp-answer.ts';
import { RtspAuthorization } from './rtsp-authorization.ts';
import type { RtspCredentials } from './rtsp-authorization.ts';
import { RtspDialog } from './rtsp-dialog.ts';
import { RtspLink } from './rtsp-link.ts';
import { headerOf } from './rtsp-message.ts';
import type { RtspResponse } from './rtsp-message.ts';
import { parseRtspUrl, resolveControl } from './rtsp-url.ts';
import type { RtspTarget } from './rtsp-url.ts';

export interface RtspEntranceOptions {
  clock: Clock;
  guard: NetworkGuard;
  url: string;
  /** Asked instead of `url`. */
  movedTo?: string | undefined;
  credentials: RtspCredentials;
  /** Time for the connect and for each reply. */
  timeoutMs: number;
  /** Called with each connection before it is made; the last one is the session’s. */
  onLink(link: RtspLink): void;
  onPacket(channel: number, buffer: Buffer, start: number, end: number): void;
  isKnownChannel(channel: number): boolean;
  /** The connection that the description came on has ended. */
  onEnded(error: GatewayError): void;
  onRedirect(url: string | null): void;
}

/** What stands behind the entrance: a camera that has described its stream. */
export interface EnteredCamera {
  dialog: RtspDialog;
  /** Methods of the Public header, in upper case. */
  methods: ReadonlySet<string>;
  /** The camera’s IP address. */
  address: string;
  /** Content-Base, else Content-Location, else the URI that was asked for. */
  baseUri: string;
  /** The SDP. */
  description: string;
}

interface Place {
  /** Where to connect: the camera, or the proxy that it named. */
  via: RtspTarget;
  uri: string;
}

const MAX_REDIRECTS = 3;
const USE_PROXY = 305;

/** The way to a stream’s description: connect, OPTIONS, DESCRIBE, sign-in, redirects (RFC 2326 section 11.3); used once. */
export class RtspEntrance {
  readonly #options: RtspEntranceOptions;
  #link: RtspLink | undefined;
  #dialog: RtspDialog | undefined;
  #methods: ReadonlySet<string> = new Set();
  #address = '';
  #entered = false;

  constructor(options: RtspEntranceOptions) {
    this.#options = options;
  }

  /** Throws GatewayError `camera-*` or `address-not-allowed`. */
  async enter(): Promise<EnteredCamera> {
    const { url, movedTo } = this.#options;
    let place = placeOf(movedTo ?? url);
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const reply = await this.#ask(place);
      if (reply.status < 300 || reply.status >= 400) return this.#read(reply, place);
      const location = headerOf(reply, 'location');
      if (!location) throw answered('DESCRIBE', reply, 'it names no other place to ask');
      this.#leaveLink();
      const next = placeOf(resolveControl(place.uri, location));
      place = reply.status === USE_PROXY ? { via: next.via, uri: place.uri } : next;
    }
    throw new GatewayError('camera-protocol-error', 'the camera redirects in a circle');
  }

  /** The answer to DESCRIBE, or to OPTIONS where that is a redirect already. */
  async #ask(place: Place): Promise<RtspResponse> {
    const { credentials, url } = this.#options;
    const home = parseRtspUrl(url);
    const allowBasic = place.via.host === home?.host && (place.via.tls || !home.tls);
    const authorization = new RtspAuthorization(credentials, { allowBasic });
    this.#address = await this.#options.guard.resolve(place.via.host);
    try {
      return await this.#askOver(place, authorization);
    } catch (error) {
      // VStarcam and others hang up behind their 401: the answer to it goes over a new connection, once.
      const hungUp = authorization.answers && this.#link?.ended === true && !this.#dialog?.signedIn;
      if (!hungUp || !(error instanceof GatewayError) || error.code !== 'camera-offline') throw error;
      this.#leaveLink();
      return this.#askOver(place, authorization);
    }
  }

  async #askOver({ via, uri }: Place, authorization: RtspAuthorization): Promise<RtspResponse> {
    const link = this.#createLink(via);
    this.#link = link;
    this.#options.onLink(link);
    await link.connect();
    const dialog = new RtspDialog(link, this.#options.credentials, authorization);
    this.#dialog = dialog;
    const options = await dialog.send('OPTIONS', uri);
    if (options.status >= 300 && options.status < 400 && headerOf(options, 'location')) return options;
    this.#methods = new Set((headerOf(options, 'public') ?? '').toUpperCase().split(/[\s,]+/));
    return dialog.send('DESCRIBE', uri, { Accept: 'application/sdp' });
  }

  #createLink(target: RtspTarget): RtspLink {
    const options = this.#options;
    const link: RtspLink = new RtspLink({
      clock: options.clock,
      target,
      address: this.#address,
      timeoutMs: options.timeoutMs,
      onPacket: (channel, buffer, start, end) => options.onPacket(channel, buffer, start, end),
      isKnownChannel: (channel) => options.isKnownChannel(channel),
      // Before the description is there, whoever waits for it hears of the end.
      onClosed: (error) => {
        if (this.#entered && link === this.#link) options.onEnded(error);
      },
      onRedirect: (location) => {
        if (this.#entered)
          options.onRedirect(location === null ? null : resolveControl(target.uri, location));
      },
    });
    return link;
  }

  #read(reply: RtspResponse, { uri }: Place): EnteredCamera {
    if (reply.status === 404) {
      const path = uri.replace(/^rtsps?:\/\/[^/]*/i, '');
      throw answered('DESCRIBE', reply, `the stream path ${path || '/'} does not exist on the camera`);
    }
    if (reply.status >= 300 || !this.#dialog) throw answered('DESCRIBE', reply);
    this.#entered = true;
    const base = headerOf(reply, 'content-base') || headerOf(reply, 'content-location') || '';
    return {
      dialog: this.#dialog,
      methods: this.#methods,
      address: this.#address,
      baseUri: parseRtspUrl(base)?.uri ?? uri,
      description: reply.body.toString('utf8'),
    };
  }

  #leaveLink(): void {
    const link = this.#link;
    this.#link = undefined;
    this.#dialog = undefined;
    link?.close();
  }
}

function placeOf(url: string): Place {
  const target = parseRtspUrl(url);
  if (!target) throw new GatewayError('camera-protocol-error', 'the stream address is not an rtsp:// URL');
  return { via: target, uri: target.uri };
}
