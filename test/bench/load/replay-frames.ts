const MTU_PAYLOAD_BYTES = 1400;
const HEAD_BYTES = 4 + 12;
const PAYLOAD_TYPE = 96;
const START_CODE = Buffer.of(0, 0, 1);

/** One picture as interleaved RTP packets (RFC 2326, 10.12; RFC 6184, packetization mode 1), back to back. */
interface PreparedFrame {
  bytes: Buffer;
  /** Where each packet begins. */
  packetStarts: number[];
  /** Packets of the clip before this frame. */
  packetsBefore: number;
  /** The pass through the clip that sequence numbers and timestamps are written for. */
  pass: number;
}

/**
 * A clip as packets that are prepared once and sent to all connections; only numbers and timestamps are rewritten, once
 * in each pass. Frame `n` of the endless stream must be sent within half a clip of its first sending.
 */
export class ReplayFrames {
  readonly parameterSets: readonly Buffer[];
  readonly #frames: PreparedFrame[] = [];
  #packets = 0;

  constructor(annexB: Buffer) {
    const nals = splitNals(annexB);
    this.parameterSets = [7, 8].flatMap((type) => nals.filter((nal) => typeOf(nal) === type).slice(0, 1));
    let unit: Buffer[] = [];
    for (const nal of nals) {
      // Filler (12) stands behind the slice that it belongs to.
      if (unit.some(isSlice) && typeOf(nal) !== 12) {
        this.#add(unit);
        unit = [];
      }
      unit.push(nal);
    }
    this.#add(unit);
  }

  get count(): number {
    return this.#frames.length;
  }

  /** The packets of frame `n` of the endless stream. */
  frame(n: number): Buffer {
    const frame = this.#frames[n % this.count];
    if (!frame) throw new Error('the clip holds no frames');
    const pass = Math.floor(n / this.count);
    if (frame.pass !== pass) this.#renumber(frame, n, pass);
    return frame.bytes;
  }

  #add(nals: readonly Buffer[]): void {
    const payloads = nals.filter((nal) => typeOf(nal) !== 9).flatMap(packetize);
    const bytes = Buffer.concat(payloads.map((payload) => withHead(payload, payload === payloads.at(-1))));
    let at = 0;
    const packetStarts = payloads.map((payload) => {
      const start = at;
      at += HEAD_BYTES + payload.length;
      return start;
    });
    this.#frames.push({ bytes, packetStarts, packetsBefore: this.#packets, pass: -1 });
    this.#packets += payloads.length;
  }

  #renumber(frame: PreparedFrame, n: number, pass: number): void {
    frame.pass = pass;
    const first = pass * this.#packets + frame.packetsBefore;
    for (const [index, start] of frame.packetStarts.entries()) {
      frame.bytes.writeUInt16BE((first + index) % 0x1_0000, start + 6);
      frame.bytes.writeUInt32BE(rtpTimestampOf(n), start + 8);
    }
  }
}

/** RTP timestamp (90 kHz) of frame `n` at 25 frames a second. */
export function rtpTimestampOf(n: number): number {
  return (n * 3600) % 0x1_0000_0000;
}

function withHead(payload: Buffer, last: boolean): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = 0x24;
  head.writeUInt16BE(12 + payload.length, 2);
  head[4] = 0x80;
  head[5] = PAYLOAD_TYPE | (last ? 0x80 : 0);
  head.writeUInt32BE(0x47414e54, 12);
  return Buffer.concat([head, payload]);
}

function packetize(nal: Buffer): Buffer[] {
  if (nal.length <= MTU_PAYLOAD_BYTES) return [nal];
  const first = nal[0] ?? 0;
  const parts: Buffer[] = [];
  for (let at = 1; at < nal.length; at += MTU_PAYLOAD_BYTES - 2) {
    const body = nal.subarray(at, at + MTU_PAYLOAD_BYTES - 2);
    const start = at === 1 ? 0x80 : 0;
    const end = at + body.length === nal.length ? 0x40 : 0;
    parts.push(Buffer.concat([Buffer.of((first & 0xe0) | 28, start | end | (first & 0x1f)), body]));
  }
  return parts;
}

function isSlice(nal: Buffer): boolean {
  return typeOf(nal) <= 5;
}

function typeOf(nal: Buffer): number {
  return (nal[0] ?? 0) & 0x1f;
}

function splitNals(annexB: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let at = annexB.indexOf(START_CODE);
  while (at >= 0) {
    const next = annexB.indexOf(START_CODE, at + 3);
    let end = next < 0 ? annexB.length : next;
    while (end > at + 3 && annexB[end - 1] === 0) end -= 1;
    nals.push(annexB.subarray(at + 3, end));
    at = next;
  }
  return nals;
}
