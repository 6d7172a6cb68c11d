import type { Socket } from 'node:net';
import { checkBasic, type DigestGate } from '../auth/http-digest.ts';
import type { DemoCamera, ProfileName } from '../demo-camera.ts';
import type { MediaSession } from './media-session.ts';
import { MediaTrack } from './media-track.ts';
import { datagramPath, interleavedPath, type PacketPath } from './packet-path.ts';
import { readFront, type RtspRequest } from './rtsp-request.ts';
import { describeProfile, payloadTypes } from './sdp.ts';
import { parseTransport } from './transport.ts';

/** What a connection needs of its server. */
export interface SessionBook {
  /** undefined: the camera serves as many viewers as it can. */
  open(profile: ProfileName): MediaSession | undefined;
  find(id: string): MediaSession | undefined;
  close(session: MediaSession): void;
}

interface Reply {
  status: string;
  headers?: Record<string, string | string[]>;
  body?: string;
}

const methods = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER';
const bufferLimit = 64 * 1024;

/** One client's RTSP connection (RFC 2326): answers its requests in order; its sessions over TCP end with it. */
export class RtspConnection {
  private readonly socket: Socket;
  private readonly camera: DemoCamera;
  private readonly gate: DigestGate;
  private readonly book: SessionBook;
  private readonly own = new Set<MediaSession>();
  private received: Buffer = Buffer.alloc(0);
  private busy = false;

  constructor(socket: Socket, camera: DemoCamera, gate: DigestGate, book: SessionBook) {
    this.socket = socket;
    this.camera = camera;
    this.gate = gate;
    this.book = book;
  }

  /** Begins to answer. */
  start(): void {
    this.socket.setNoDelay(true);
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('close', () => {
      for (const session of this.own) this.book.close(session);
    });
    this.socket.on('data', (chunk: Buffer) => {
      this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
      if (this.received.length > bufferLimit) this.socket.destroy();
      else void this.work();
    });
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let more = true; more && !this.socket.destroyed;) more = await this.step();
    this.busy = false;
  }

  private async step(): Promise<boolean> {
    if (this.received.length === 0) return false;
    const front = readFront(this.received);
    if (front.kind === 'incomplete') return false;
    if (front.kind === 'bad') {
      this.socket.end('RTSP/1.0 400 Bad Request\r\n\r\n');
      this.received = Buffer.alloc(0);
      return false;
    }
    this.received = this.received.subarray(front.bytes);
    if (front.kind === 'interleaved') {
      for (const session of this.own) session.lastSignMs = Date.now();
      return true;
    }
    const { fault } = this.camera;
    if (fault.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    this.write(front.request, await this.answer(front.request));
    return true;
  }

  private write(request: RtspRequest, reply: Reply): void {
    if (!this.socket.writable) return;
    const lines = [
      `RTSP/1.0 ${reply.status}`,
      `CSeq: ${request.headers.get('cseq') ?? '0'}`,
      `Server: ${this.camera.definition.make}`,
    ];
    for (const [name, value] of Object.entries(reply.headers ?? {})) {
      for (const one of Array.isArray(value) ? value : [value]) lines.push(`${name}: ${one}`);
    }
    if (reply.body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(reply.body)}`);
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n${reply.body ?? ''}`);
  }

  private authRefusal(request: RtspRequest): Reply | undefined {
    const header = request.headers.get('authorization');
    const { account, definition, counters, authLog } = this.camera;
    if (definition.rtspBasic) {
      const outcome = checkBasic(header, account);
      authLog.add('rtsp', 'basic', outcome);
      if (outcome === 'ok') return undefined;
      if (outcome === 'wrong') counters.rtspAuthFailures += 1;
      return {
        status: '401 Unauthorized',
        headers: { 'WWW-Authenticate': `Basic realm="${definition.make}"` },
      };
    }
    const outcome = this.gate.check(header, request.method, account);
    authLog.add('rtsp', 'digest', outcome);
    if (outcome === 'ok') return undefined;
    if (outcome === 'wrong') counters.rtspAuthFailures += 1;
    return {
      status: '401 Unauthorized',
      headers: { 'WWW-Authenticate': this.gate.challenges(outcome === 'stale') },
    };
  }

  private async answer(request: RtspRequest): Promise<Reply> {
    if (request.method === 'OPTIONS') {
      this.sessionOf(request);
      return { status: '200 OK', headers: { Public: methods } };
    }
    const refusal = this.authRefusal(request);
    if (refusal !== undefined) return refusal;
    switch (request.method) {
      case 'DESCRIBE':
        return this.describe(request);
      case 'SETUP':
        return this.setup(request);
      case 'PLAY':
        return this.play(request);
      case 'PAUSE':
      case 'TEARDOWN':
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return this.inSession(request);
      default:
        return { status: '405 Method Not Allowed', headers: { Allow: methods } };
    }
  }

  private target(uri: string): { profile: ProfileName; track: 'video' | 'audio' } | undefined {
    const path = uri.replace(/^rtsp:\/\/[^/]*/i, '');
    const { mainPath, subPath } = this.camera.definition;
    const profile = path.startsWith(mainPath) ? 'main' : path.startsWith(subPath) ? 'sub' : undefined;
    if (profile === undefined) return undefined;
    const rest = path.slice((profile === 'main' ? mainPath : subPath).length);
    if (!/^\/?(trackID=[12])?\/?$/.test(rest)) return undefined;
    return { profile, track: rest.includes('trackID=2') ? 'audio' : 'video' };
  }

  private describe(request: RtspRequest): Reply {
    const target = this.target(request.uri);
    if (target === undefined) return { status: '404 Not Found' };
    this.camera.counters.describes += 1;
    const base = request.uri.replace(/\/$/, '');
    return {
      status: '200 OK',
      headers: { 'Content-Base': `${base}/`, 'Content-Type': 'application/sdp', 'Cache-Control': 'no-cache' },
      body: describeProfile(this.camera, target.profile, base),
    };
  }

  private async setup(request: RtspRequest): Promise<Reply> {
    const target = this.target(request.uri);
    if (target === undefined || (target.track === 'audio' && this.camera.sound === undefined))
      return { status: '404 Not Found' };
    const named = request.headers.get('session');
    const session = named === undefined ? this.book.open(target.profile) : this.sessionOf(request);
    if (session === undefined)
      return { status: named === undefined ? '453 Not Enough Bandwidth' : '454 Session Not Found' };
    this.own.add(session);
    const path = await this.pathFor(request, session);
    if (path === undefined) {
      if (named === undefined) this.end(session);
      return { status: '461 Unsupported Transport' };
    }
    const track = new MediaTrack(payloadTypes[target.track], path);
    session.tracks[target.track]?.path.close();
    session.tracks[target.track] = track;
    const ssrc = track.ssrc.toString(16).padStart(8, '0').toUpperCase();
    return {
      status: '200 OK',
      headers: {
        Transport: `${path.describe()};ssrc=${ssrc};mode="PLAY"`,
        Session: `${session.id};timeout=60`,
      },
    };
  }

  private async pathFor(request: RtspRequest, session: MediaSession): Promise<PacketPath | undefined> {
    const asked = parseTransport(request.headers.get('transport') ?? '');
    if (asked.kind === 'unsupported') return undefined;
    if (asked.kind === 'tcp') {
      const used = Object.keys(session.tracks).length * 2;
      const channel = asked.channel ?? used;
      return channel >= 0 && channel < 255 ? interleavedPath(this.socket, channel) : undefined;
    }
    const { localAddress, remoteAddress } = this.socket;
    if (localAddress === undefined || remoteAddress === undefined) return undefined;
    return datagramPath(localAddress, remoteAddress, asked.rtpPort, asked.rtcpPort, () => {
      session.lastSignMs = Date.now();
    });
  }

  private sessionOf(request: RtspRequest): MediaSession | undefined {
    const session = this.book.find((request.headers.get('session') ?? '').split(';')[0]!.trim());
    if (session !== undefined) session.lastSignMs = Date.now();
    return session;
  }

  private end(session: MediaSession): void {
    this.own.delete(session);
    this.book.close(session);
  }

  private play(request: RtspRequest): Reply {
    const session = this.sessionOf(request);
    if (session === undefined) return { status: '454 Session Not Found' };
    this.camera.counters.plays += 1;
    session.play();
    const base = request.uri.replace(/\/$/, '');
    const info = Object.entries(session.tracks).map(
      ([name, track]) => `url=${base}/trackID=${name === 'video' ? 1 : 2};seq=${track.nextSequence}`,
    );
    return {
      status: '200 OK',
      headers: { Session: `${session.id};timeout=60`, Range: 'npt=now-', 'RTP-Info': info.join(',') },
    };
  }

  private inSession(request: RtspRequest): Reply {
    const session = this.sessionOf(request);
    if (session === undefined) {
      return { status: request.method === 'GET_PARAMETER' ? '200 OK' : '454 Session Not Found' };
    }
    if (request.method === 'PAUSE') session.playing = false;
    if (request.method === 'TEARDOWN') this.end(session);
    return { status: '200 OK', headers: { Session: session.id } };
  }
}
