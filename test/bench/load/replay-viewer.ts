import type { Socket } from 'node:net';
import { rtpTimestampOf } from './replay-frames.ts';
import type { ReplayFrames } from './replay-frames.ts';
import { capturedAtMs, frameAt, phaseOf } from './replay-schedule.ts';
import type { CameraPhase } from './replay-schedule.ts';

/** A client that is this far behind has lost its stream anyway. */
const MOST_BACKLOG_BYTES = 2 * 1024 * 1024;
const REPORT_EVERY_FRAMES = 50;
const NTP_EPOCH_SEC = 2_208_988_800;

/** One connection to one replayed camera: answers its RTSP requests and sends it the frames that are due. */
export class ReplayViewer {
  readonly #socket: Socket;
  readonly #frames: ReplayFrames;
  #phase: CameraPhase | undefined;
  #next = -1;
  #text = '';

  constructor(socket: Socket, frames: ReplayFrames) {
    this.#socket = socket;
    this.#frames = frames;
  }

  start(): void {
    this.#socket.setNoDelay(true);
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('data', (chunk: Buffer) => this.#onData(chunk));
  }

  close(): void {
    this.#socket.destroy();
  }

  sendDue(nowMs: number): void {
    if (!this.#phase) return;
    const due = frameAt(nowMs, this.#phase);
    if (this.#next < 0) this.#next = due;
    if (this.#socket.writableLength > MOST_BACKLOG_BYTES) this.#socket.destroy();
    for (; this.#next <= due && !this.#socket.destroyed; this.#next += 1) {
      if (this.#next % REPORT_EVERY_FRAMES === 0) this.#socket.write(senderReport(this.#next, this.#phase));
      this.#socket.write(this.#frames.frame(this.#next));
    }
  }

  /** Receiver reports are not looked at: what begins with `$` up to the next request is skipped. */
  #onData(chunk: Buffer): void {
    this.#text += chunk.toString('latin1');
    for (let end = this.#text.indexOf('\r\n\r\n'); end >= 0; end = this.#text.indexOf('\r\n\r\n')) {
      const head = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 4);
      const request = /([A-Z_]+) (rtsp:\/\/\S+|\*) RTSP\/1\.0\r\n/.exec(head);
      if (request) this.#answer(request[1] ?? '', request[2] ?? '', head);
    }
    if (this.#text.startsWith('$')) this.#text = '';
  }

  #answer(method: string, url: string, head: string): void {
    const cseq = /^CSeq: *(\d+)/im.exec(head)?.[1] ?? '0';
    const index = Number(/\/cam\/(\d+)/.exec(url)?.[1] ?? 0);
    const lines = [`RTSP/1.0 200 OK`, `CSeq: ${cseq}`];
    let body = '';
    if (method === 'OPTIONS') lines.push('Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN');
    if (method === 'DESCRIBE') {
      body = this.#describe();
      lines.push(`Content-Base: ${url}/`, 'Content-Type: application/sdp', `Content-Length: ${body.length}`);
    }
    if (method === 'SETUP')
      lines.push('Transport: RTP/AVP/TCP;unicast;interleaved=0-1', 'Session: 1;timeout=60');
    if (method === 'PLAY') lines.push('Session: 1', 'Range: npt=0.000-');
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    if (method === 'PLAY') this.#phase ??= phaseOf(index);
    if (method === 'TEARDOWN') this.#socket.end();
  }

  #describe(): string {
    const [sps, pps] = this.#frames.parameterSets;
    const level = sps?.subarray(1, 4).toString('hex') ?? '';
    const sets = [sps, pps].map((set) => set?.toString('base64') ?? '').join(',');
    return [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=bench',
      't=0 0',
      'a=control:*',
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      `a=fmtp:96 packetization-mode=1;profile-level-id=${level};sprop-parameter-sets=${sets}`,
      'a=framerate:25',
      'a=control:track1',
      '',
    ].join('\r\n');
  }
}

/** An interleaved RTCP sender report (RFC 3550, 6.4.1) that ties the frame's timestamp to its capture time. */
function senderReport(n: number, phase: CameraPhase): Buffer {
  const atMs = capturedAtMs(n, phase);
  const sec = Math.floor(atMs / 1000);
  const packet = Buffer.alloc(4 + 28);
  packet.set([0x24, 1, 0, 28, 0x80, 200, 0, 6]);
  packet.writeUInt32BE(0x47414e54, 8);
  packet.writeUInt32BE((sec + NTP_EPOCH_SEC) % 0x1_0000_0000, 12);
  packet.writeUInt32BE(Math.floor(((atMs % 1000) / 1000) * 0x1_0000_0000), 16);
  packet.writeUInt32BE(rtpTimestampOf(n), 20);
  return packet;
}
