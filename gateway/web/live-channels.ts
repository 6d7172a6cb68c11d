import type { WebSocket } from 'ws';
import { isGatewayError, messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { LiveChannelClosed, LiveChannelRequest } from '../contract/live.ts';
import { auditActor } from './access/audit-actor.ts';
import type { AuditViewings } from './access/audit-viewings.ts';
import { sees } from './access/principal.ts';
import type { Principal } from './access/principal.ts';
import { closeReason, liveSocket } from './live-socket.ts';
import { problemReply } from './problem.ts';
import { readChannelRequest } from './read-channel-request.ts';
import type { SocketViewer, WebCameras, WebLive } from './web-services.ts';

const MAX_CHANNELS = 64;
/** What each further channel may have waiting before the others count it as their own: a tile that joins with its held GOP must not cost its neighbours a picture. */
const ALLOWANCE_BYTES = 192 * 1024;
const closeCodes = { badMessage: 4400, forbidden: 4403, notFound: 4404, tooMany: 4429 } as const;

/** What channels need of the gateway. */
export interface LiveChannelServices {
  live: Pick<WebLive, 'open'>;
  cameras: Pick<WebCameras, 'get'>;
  viewings: Pick<AuditViewings, 'open'>;
  logger: Logger;
}

interface Channel {
  cameraId: string;
  /** Ends the pull; known once packaging has opened it. */
  stop: () => void;
}

/** Many cameras over one WebSocket, each subscribed to and permitted by itself; lives as long as the socket. */
export class LiveChannels {
  readonly #services: LiveChannelServices;
  readonly #socket: WebSocket;
  readonly #shared: SocketViewer;
  readonly #principal: Principal;
  readonly #address: string;
  readonly #channels = new Map<number, Channel>();

  constructor(
    services: LiveChannelServices,
    socket: WebSocket,
    who: { principal: Principal; address: string },
  ) {
    this.#services = services;
    this.#socket = socket;
    this.#shared = liveSocket(socket);
    this.#principal = who.principal;
    this.#address = who.address;
  }

  start(): void {
    this.#socket.on('message', (data: Buffer, isBinary) => this.#take(isBinary ? '' : data.toString()));
    this.#socket.on('close', () => this.stop());
    // Every ping is answered: the time to look whether each camera is still this one's to see.
    this.#socket.on('pong', () => this.#closeForeign());
  }

  stop(): void {
    for (const number of this.#channels.keys()) this.#drop(number);
  }

  #take(text: string): void {
    const request = readChannelRequest(text);
    if (request === undefined) {
      this.stop();
      this.#socket.close(closeCodes.badMessage, 'not a subscription; see the gateway’s README of web');
    } else if ('unsubscribe' in request) this.#drop(request.unsubscribe.channel);
    else this.#subscribe(request.subscribe);
  }

  #subscribe(wanted: Extract<LiveChannelRequest, { subscribe: unknown }>['subscribe']): void {
    const { channel: number, cameraId, rendition } = wanted;
    this.#drop(number);
    const refusal = this.#refusal(cameraId);
    if (refusal) return this.#tellClosed(number, ...refusal);
    const channel: Channel = { cameraId, stop: () => undefined };
    this.#channels.set(number, channel);
    try {
      const connection = this.#services.live.open(cameraId, rendition, this.#viewer(number, channel));
      const watched = this.#watch(cameraId);
      channel.stop = () => {
        connection.close();
        watched();
      };
      // Packaging may have refused it before it answered.
      if (this.#channels.get(number) !== channel) channel.stop();
    } catch (error) {
      this.#failed(number, error);
    }
  }

  /** For the audit: who watches which camera; the function returned ends it. */
  #watch(cameraId: string): () => void {
    const camera = this.#services.cameras.get(cameraId);
    if (!camera) return () => undefined;
    const { sessionId } = this.#principal;
    const actor = auditActor(this.#principal);
    return this.#services.viewings.open({ actor, sessionId, address: this.#address, camera });
  }

  /** Why a camera may not be watched here, before it is contacted. */
  #refusal(cameraId: string): [code: number, reason: string] | undefined {
    const camera = this.#services.cameras.get(cameraId);
    if (!camera) return [closeCodes.notFound, `not-found: there is no camera ${cameraId}`];
    if (!sees(this.#principal, camera.projectId))
      return [closeCodes.forbidden, 'forbidden: this camera belongs to a project that you may not see'];
    if (this.#channels.size >= MAX_CHANNELS)
      return [closeCodes.tooMany, `too-many-requests: no more than ${MAX_CHANNELS} channels a connection`];
    return undefined;
  }

  #viewer(number: number, channel: Channel): SocketViewer {
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32BE(number);
    const isOpen = (): boolean => this.#channels.get(number) === channel;
    return {
      text: (json) => {
        // Packaging's messages are JSON objects with at least one field.
        if (isOpen()) this.#shared.text(`{"channel":${number},${json.slice(1)}`);
      },
      binary: (chunks, onTaken) => {
        if (isOpen()) this.#shared.binary([prefix, ...chunks], onTaken);
        else onTaken?.();
      },
      bufferedBytes: () =>
        Math.max(0, this.#shared.bufferedBytes() - (this.#channels.size - 1) * ALLOWANCE_BYTES),
      close: (code, reason) => {
        if (isOpen()) this.#close(number, code, reason);
      },
    };
  }

  #failed(number: number, error: unknown): void {
    if (!isGatewayError(error))
      this.#services.logger.error({ err: error }, `a live channel failed: ${messageOf(error)}`);
    const { status, body } = problemReply(error);
    this.#close(number, 4000 + status, `${body.code}: ${body.detail}`);
  }

  #closeForeign(): void {
    for (const [number, { cameraId }] of this.#channels) {
      const camera = this.#services.cameras.get(cameraId);
      if (!camera || !sees(this.#principal, camera.projectId))
        this.#close(number, closeCodes.forbidden, 'this camera is no longer yours to see');
    }
  }

  #close(number: number, code: number, reason: string): void {
    this.#drop(number);
    this.#tellClosed(number, code, reason);
  }

  #drop(number: number): void {
    const channel = this.#channels.get(number);
    this.#channels.delete(number);
    channel?.stop();
  }

  #tellClosed(channel: number, code: number, reason: string): void {
    const closed: LiveChannelClosed = { channel, closed: { code, reason: closeReason(reason) } };
    this.#shared.text(JSON.stringify(closed));
  }
}
