import { once } from 'node:events';
import { WebSocket } from 'ws';
import { readFragments, readInit } from './fragment-reader.ts';

/** Watches a camera over WebSocket and checks that no frame is missing; lives until `close`. */
export class SocketViewer {
  /** Frames seen, and hellos: one for each uninterrupted run. */
  frames = 0;
  hellos = 0;
  /** Whatever shows that something was lost. */
  readonly losses: string[] = [];
  readonly socket: WebSocket;
  #codec: 'avc1' | 'hvc1' | null = null;
  #endTicks: number | null = null;
  #frameTicks: number | null = null;

  constructor(url: string, token: string) {
    this.socket = new WebSocket(url.replace(/^http/, 'ws'), {
      headers: { authorization: `Bearer ${token}` },
    });
    this.socket.binaryType = 'nodebuffer';
    this.socket.on('error', (error) => this.losses.push(String(error)));
    this.socket.on('message', (data, isBinary) => {
      if (isBinary) this.#bytes(data as Buffer);
      else this.#text((data as Buffer).toString());
    });
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close();
    await once(this.socket, 'close');
  }

  #text(text: string): void {
    const message = JSON.parse(text) as { mime?: string; state?: string };
    if (message.state !== undefined) this.losses.push(message.state);
    if (message.mime === undefined) return;
    this.hellos += 1;
    this.#codec = null;
    this.#endTicks = this.#frameTicks = null;
  }

  #bytes(bytes: Buffer): void {
    if (this.#codec === null) {
      this.#codec = readInit(bytes);
      return;
    }
    const facts = readFragments(bytes, this.#codec);
    if (facts.firstVideoTicks === null) return;
    const gap = this.#endTicks === null ? 0 : facts.firstVideoTicks - this.#endTicks;
    if (gap !== 0) this.losses.push(`a gap of ${gap} ticks after frame ${this.frames}`);
    const frameTicks = facts.videoTicks / facts.frames;
    if (this.#frameTicks !== null && Math.abs(frameTicks - this.#frameTicks) > 1)
      this.losses.push(`frame ${this.frames} lasts ${frameTicks} ticks, those before ${this.#frameTicks}`);
    this.#frameTicks ??= frameTicks;
    this.#endTicks = facts.firstVideoTicks + facts.videoTicks;
    this.frames += facts.frames;
  }
}
