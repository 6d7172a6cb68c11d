import { createServer, type Server, type Socket } from 'node:net';
import { DigestGate } from '../auth/http-digest.ts';
import type { DemoCamera, ProfileName } from '../demo-camera.ts';
import { listenOn } from '../listen-on.ts';
import { MediaSession } from './media-session.ts';
import { RtspConnection, type SessionBook } from './rtsp-connection.ts';

const maxSessions = 10;
const sessionTimeoutMs = 60_000;

/** A camera's RTSP server: its connections, its viewers, and what faults do to them. */
export class RtspServer implements SessionBook {
  readonly sessions = new Map<string, MediaSession>();
  private readonly camera: DemoCamera;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly gate: DigestGate;
  private sweeper: NodeJS.Timeout | undefined;

  constructor(camera: DemoCamera) {
    this.camera = camera;
    this.gate = new DigestGate(`${camera.definition.make} ${camera.definition.serial}`, ['MD5'], false);
    this.server = createServer((socket) => this.accept(socket));
  }

  /** Listens; gives the port. */
  async start(port: number, host: string): Promise<number> {
    const bound = await listenOn(this.server, port, host, `RTSP of camera ${this.camera.definition.index}`);
    this.sweeper = setInterval(() => this.sweep(Date.now()), 5000);
    this.camera.on('fault', ({ kind }) => {
      if (kind === 'drop' || kind === 'offline' || kind === 'wrongPassword') this.dropAll();
    });
    return bound;
  }

  /** Ends all connections and the server. */
  stop(): void {
    clearInterval(this.sweeper);
    this.dropAll();
    this.server.close();
  }

  private accept(socket: Socket): void {
    const { kind } = this.camera.fault;
    if (kind === 'drop' || kind === 'offline') {
      socket.resetAndDestroy();
      return;
    }
    this.camera.counters.rtspConnections += 1;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    new RtspConnection(socket, this.camera, this.gate, this).start();
  }

  private dropAll(): void {
    for (const session of this.sessions.values()) this.close(session);
    for (const socket of this.sockets) socket.destroy();
  }

  /** Ends sessions that have given no sign for a minute. */
  sweep(nowMs: number): void {
    for (const session of this.sessions.values()) {
      if (nowMs - session.lastSignMs > sessionTimeoutMs * 1.1) this.close(session);
    }
  }

  open(profile: ProfileName): MediaSession | undefined {
    if (this.sessions.size >= maxSessions) return undefined;
    const session = new MediaSession(this.camera, profile);
    this.sessions.set(session.id, session);
    this.camera.counters.sessions = this.sessions.size;
    return session;
  }

  find(id: string): MediaSession | undefined {
    return this.sessions.get(id);
  }

  close(session: MediaSession): void {
    session.close();
    this.sessions.delete(session.id);
    this.camera.counters.sessions = this.sessions.size;
  }
}
