import { contentLengthOf, parseRtspHead } from './rtsp-message.ts';
import type { RtspMessage } from './rtsp-message.ts';

/** Where the reader hands what it finds; a packet's bytes are `buffer[start…end)`, valid during the call only. */
export interface InterleavedSink {
  onPacket(channel: number, buffer: Buffer, start: number, end: number): void;
  onMessage(message: RtspMessage): void;
  /** True for channels that were set up: tells a true `$` from a stray one after framing was lost. */
  isKnownChannel(channel: number): boolean;
}

const DOLLAR = 0x24;
const HEAD_BYTES = 4;
const MAX_HEAD_BYTES = 64 * 1024;
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_GARBAGE_BYTES = 1024 * 1024;
const STARTS = [
  'RTSP/',
  'OPTIONS ',
  'GET_PARAMETER ',
  'SET_PARAMETER ',
  'ANNOUNCE ',
  'REDIRECT ',
  'TEARDOWN ',
  'PAUSE ',
  'PLAY_NOTIFY ',
].map((text) => Buffer.from(text, 'latin1'));

/** A look at one byte spares the comparisons for nearly all garbage. */
const FIRST_BYTES = new Set(STARTS.map((start) => start[0] ?? 0));

/**
 * Separates interleaved packets (RFC 2326 section 10.12) and RTSP messages in the chunks of one connection. A packet
 * inside one chunk is handed on as a view; only one that straddles chunks is joined, at most one for each chunk.
 */
export class InterleavedReader {
  readonly #sink: InterleavedSink;
  readonly #head = Buffer.alloc(HEAD_BYTES);
  #headFilled = 0;
  #packet: Buffer | undefined;
  #packetFilled = 0;
  /** Bytes of a message that is not complete yet, or of an undecided start. */
  #text: Buffer | undefined;
  #garbageBytes = 0;
  #lostFraming = false;

  constructor(sink: InterleavedSink) {
    this.#sink = sink;
  }

  /** Takes the next chunk; returns what is wrong when the connection cannot be read any further. */
  push(chunk: Buffer): string | undefined {
    let at = this.#packet ? this.#fillPacket(chunk) : 0;
    let data = chunk;
    if (this.#text) {
      data = Buffer.concat([this.#text, chunk]);
      this.#text = undefined;
      at = 0;
    }
    while (at < data.length) {
      if (this.#headFilled > 0 || (data[at] === DOLLAR && !this.#lostFraming)) {
        at = this.#readPacket(data, at);
        continue;
      }
      const next = this.#readText(data, at);
      if (typeof next === 'string') return next;
      if (next < 0) {
        this.#text = Buffer.from(data.subarray(at));
        return undefined;
      }
      at = next;
    }
    return undefined;
  }

  /** Bytes that were neither packet nor message. */
  get garbageBytes(): number {
    return this.#garbageBytes;
  }

  #fillPacket(chunk: Buffer): number {
    const packet = this.#packet;
    if (!packet) return 0;
    const copied = chunk.copy(packet, this.#packetFilled);
    this.#packetFilled += copied;
    if (this.#packetFilled === packet.length) {
      this.#packet = undefined;
      this.#sink.onPacket(this.#head[1] ?? 0, packet, 0, packet.length);
    }
    return copied;
  }

  #readPacket(data: Buffer, from: number): number {
    const head = this.#head;
    let at = from;
    while (this.#headFilled < HEAD_BYTES && at < data.length) {
      head[this.#headFilled] = data[at] ?? 0;
      this.#headFilled += 1;
      at += 1;
    }
    if (this.#headFilled < HEAD_BYTES) return at;
    this.#headFilled = 0;
    const length = ((head[2] ?? 0) << 8) | (head[3] ?? 0);
    if (data.length - at >= length) {
      this.#sink.onPacket(head[1] ?? 0, data, at, at + length);
      return at + length;
    }
    this.#packet = Buffer.allocUnsafe(length);
    this.#packetFilled = data.copy(this.#packet, 0, at);
    return data.length;
  }

  /** Position behind the message at `at`; -1 when more bytes are needed; a sentence when it breaks the limits. */
  #readText(data: Buffer, at: number): number | string {
    const byte = data[at] ?? 0;
    if (byte === 13 || byte === 10 || byte === 32 || byte === 0) return at + 1;
    if (this.#lostFraming || !startsMessage(data, at)) return this.#skipGarbage(data, at);
    const end = endOfHead(data, at);
    if (end < 0) {
      return data.length - at > MAX_HEAD_BYTES
        ? `the camera sent RTSP headers longer than ${MAX_HEAD_BYTES} bytes`
        : -1;
    }
    const message = parseRtspHead(data.toString('utf8', at, end).trimEnd());
    if (!message) return this.#skipGarbage(data, at);
    const bodyBytes = contentLengthOf(message);
    if (!(bodyBytes <= MAX_BODY_BYTES)) {
      return `the camera announced an RTSP body of ${bodyBytes} bytes; at most ${MAX_BODY_BYTES} are taken`;
    }
    if (data.length - end < bodyBytes) return -1;
    message.body = Buffer.from(data.subarray(end, end + bodyBytes));
    this.#sink.onMessage(message);
    return end + bodyBytes;
  }

  #skipGarbage(data: Buffer, from: number): number | string {
    this.#lostFraming = true;
    // The first byte was looked at already, except when a chunk ended on an undecided one.
    let at = from;
    while (at < data.length) {
      const verdict = this.#startsAnew(data, at);
      if (verdict === 'undecided') break;
      if (verdict === 'yes') {
        this.#lostFraming = false;
        break;
      }
      at += 1;
    }
    this.#garbageBytes += at - from;
    if (this.#garbageBytes > MAX_GARBAGE_BYTES) return 'the camera sent bytes that are neither RTP nor RTSP';
    return at === from && this.#lostFraming ? -1 : at;
  }

  #startsAnew(data: Buffer, at: number): 'yes' | 'no' | 'undecided' {
    if (data[at] === DOLLAR) {
      if (at + HEAD_BYTES >= data.length) return 'undecided';
      const version = (data[at + HEAD_BYTES] ?? 0) >> 6;
      return version === 2 && this.#sink.isKnownChannel(data[at + 1] ?? 0) ? 'yes' : 'no';
    }
    if (!startsMessage(data, at)) return 'no';
    const line = data.indexOf(10, at);
    if (line < 0) return data.length - at < 1024 ? 'undecided' : 'no';
    return parseRtspHead(data.toString('utf8', at, line).trimEnd()) ? 'yes' : 'no';
  }
}

/** True when the bytes at `at` are the start of a message, or could be once more bytes came. */
function startsMessage(data: Buffer, at: number): boolean {
  if (!FIRST_BYTES.has(data[at] ?? 0)) return false;
  const available = data.length - at;
  return STARTS.some((start) => {
    const length = Math.min(available, start.length);
    return data.compare(start, 0, length, at, at + length) === 0;
  });
}

/** Position behind the empty line that ends the headers, with CRLF or bare LF; -1 when it has not come. */
function endOfHead(data: Buffer, from: number): number {
  const limit = Math.min(data.length, from + MAX_HEAD_BYTES);
  for (let at = data.indexOf(10, from); at >= 0 && at < limit; at = data.indexOf(10, at + 1)) {
    if (data[at + 1] === 10) return at + 2;
    if (data[at + 1] === 13 && data[at + 2] === 10) return at + 3;
  }
  return -1;
}
