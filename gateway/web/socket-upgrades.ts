import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ErrorTally } from '../base/error-tally.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import { sees } from './access/principal.ts';
import { isOwnFault, problemReply } from './problem.ts';
import type { Entered, GateLookups, RouteGate } from './route-gate.ts';
import type { SocketRoute } from './route.ts';
import type { SocketKeeper } from './socket-keeper.ts';

/** Nothing that clients send us over WebSockets is long. */
const MAX_MESSAGE_BYTES = 4096;

interface Matched {
  route: SocketRoute;
  params: Record<string, string>;
}

/** Turns HTTP upgrades into WebSockets after the same gate as every route; one for each server. */
export class SocketUpgrades {
  readonly #patterns: { pattern: RegExp; route: SocketRoute }[];
  readonly #gate: RouteGate;
  readonly #keeper: SocketKeeper;
  readonly #lookups: Pick<GateLookups, 'camera'>;
  readonly #trustProxy: boolean;
  readonly #tally: ErrorTally;
  readonly #sockets: WebSocketServer;

  constructor(options: {
    routes: readonly SocketRoute[];
    gate: RouteGate;
    keeper: SocketKeeper;
    lookups: Pick<GateLookups, 'camera'>;
    trustProxy: boolean;
    tally: ErrorTally;
  }) {
    this.#patterns = options.routes.map((route) => ({ pattern: patternOf(route.path), route }));
    this.#gate = options.gate;
    this.#keeper = options.keeper;
    this.#lookups = options.lookups;
    this.#trustProxy = options.trustProxy;
    this.#tally = options.tally;
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      clientTracking: false,
    });
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      // The peer may go while we look up who it is.
      socket.on('error', () => socket.destroy());
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        if (isOwnFault(error)) this.#tally.add('upgrade', messageOf(error));
        refuse(socket, error);
      });
    });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = URL.parse(request.url ?? '', 'http://gateway');
    const matched = url && this.#match(url.pathname);
    if (!url || !matched) throw new GatewayError('not-found', 'there is no WebSocket at this address');
    const peerAddress = request.socket.remoteAddress ?? '';
    const host = this.#forwarded(request, 'x-forwarded-host') ?? request.headers.host;
    const entered = await this.#gate.enter(matched.route, {
      headers: request.headers,
      host,
      peerAddress,
      params: matched.params,
      query: Object.fromEntries(url.searchParams),
    });
    if (entered.principal) this.#keeper.refuseTooMany(entered.principal);
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (entered.principal)
        this.#keeper.keep(webSocket, entered.principal, () => this.#stillAllowed(entered));
      matched.route.open(
        {
          ...entered,
          body: undefined,
          headers: request.headers,
          address: this.#forwarded(request, 'x-forwarded-for') ?? peerAddress,
          host: host ?? '',
          secure: this.#forwarded(request, 'x-forwarded-proto') === 'https',
          setHeader: () => undefined,
          setStatus: () => undefined,
        },
        webSocket,
      );
    });
  }

  #match(path: string): Matched | undefined {
    for (const { pattern, route } of this.#patterns) {
      const match = pattern.exec(path);
      if (match) return { route, params: { ...match.groups } };
    }
    return undefined;
  }

  #stillAllowed({ principal, camera, share }: Entered): boolean {
    if (!camera || !principal) return true;
    // A link's end and its maker's rights close its sockets as they change, not at a ping.
    if (share) return this.#lookups.camera(camera.id) !== undefined;
    const now = this.#lookups.camera(camera.id);
    return now !== undefined && sees(principal, now.projectId);
  }

  /** The value that the proxy in front has added last; undefined where no proxy is trusted. */
  #forwarded(request: IncomingMessage, name: string): string | undefined {
    const value = this.#trustProxy ? request.headers[name] : undefined;
    return typeof value === 'string' ? value.split(',').at(-1)?.trim() : undefined;
  }
}

/** `/live/{cameraId}/{rendition}/ws` as a pattern with named groups; ids need no decoding. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[\\w.-]+)')}$`);
}

/** Answers the handshake with a problem and ends the connection. */
function refuse(socket: Duplex, error: unknown): void {
  if (socket.destroyed) return;
  const { status, headers, body } = problemReply(error);
  const text = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`, () =>
    socket.destroy(),
  );
}
