import { WebSocket } from 'ws';
import type { CancelTimer, Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { concerns } from './access/access-changes.ts';
import type { AccessChanges } from './access/access-changes.ts';
import { hasEnded } from './access/authenticator.ts';
import type { Principal } from './access/principal.ts';

/** Close codes of ours; 4000 to 4999 are free for applications (RFC 6455 section 7.4.2). */
export const closeCodes = {
  goingAway: 1001,
  tryAgain: 1013,
  unauthenticated: 4401,
  forbidden: 4403,
} as const;

const PING_INTERVAL_MS = 20_000;
/** A person with several screens, each with a wall of tiles. */
const MAX_SOCKETS_EACH = 64;

interface Kept {
  socket: WebSocket;
  principal: Principal;
  stillAllowed: () => boolean;
  alive: boolean;
}

/** Watches over all open WebSockets: pings them, and closes those whose user's rights have ended; one for each server. */
export class SocketKeeper {
  readonly #clock: Clock;
  readonly #changes: AccessChanges;
  readonly #kept = new Set<Kept>();
  #unsubscribe: Unsubscribe | undefined;
  #cancelPing: CancelTimer | undefined;

  constructor(clock: Clock, changes: AccessChanges) {
    this.#clock = clock;
    this.#changes = changes;
  }

  start(): void {
    this.#cancelPing = this.#clock.every(PING_INTERVAL_MS, () => this.#ping());
    this.#unsubscribe = this.#changes.subscribe((change) => {
      for (const { socket, principal } of this.#kept) {
        if (concerns(change, principal)) socket.close(closeCodes.unauthenticated, 'sign in again');
      }
    });
  }

  /** Says goodbye to all, and cuts off whoever does not answer. */
  stop(): void {
    this.#cancelPing?.();
    this.#unsubscribe?.();
    for (const { socket } of this.#kept) {
      socket.close(closeCodes.goingAway, 'the gateway is stopping');
      this.#clock.after(1000, () => socket.terminate());
    }
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Throws `too-many-requests` when the principal has all the sockets that one may have. */
  refuseTooMany(principal: Principal): void {
    let own = 0;
    for (const kept of this.#kept) if (kept.principal.id === principal.id) own += 1;
    if (own >= MAX_SOCKETS_EACH) {
      throw new GatewayError('too-many-requests', `no more than ${MAX_SOCKETS_EACH} connections at once`, {
        details: { retryAfterSec: 10 },
      });
    }
  }

  /** Watches a socket until it closes; `stillAllowed` is asked at each ping. */
  keep(socket: WebSocket, principal: Principal, stillAllowed: () => boolean): void {
    const kept: Kept = { socket, principal, stillAllowed, alive: true };
    this.#kept.add(kept);
    socket.on('pong', () => {
      kept.alive = true;
    });
    socket.on('close', () => this.#kept.delete(kept));
    // Broken frames end in close as well; without a listener they would end the process.
    socket.on('error', () => socket.terminate());
  }

  #ping(): void {
    for (const kept of this.#kept) {
      const { socket, principal, stillAllowed, alive } = kept;
      if (!alive) socket.terminate();
      else if (hasEnded(principal, this.#clock)) socket.close(closeCodes.unauthenticated, 'sign in again');
      else if (!stillAllowed()) socket.close(closeCodes.forbidden, 'this camera is no longer yours to see');
      else if (socket.readyState === WebSocket.OPEN) {
        kept.alive = false;
        socket.ping();
      }
    }
  }
}
