import type { MediaMemory } from '../media-memory.ts';
import { SAMPLE_HEADROOM } from '../media.ts';
import { sharedSlabs } from '../slab-pool.ts';
import { readJpegExtension } from './jpeg-extension.ts';
import type { JpegExtension } from './jpeg-extension.ts';
import { jpegHeader, tablesOfQuality } from './jpeg-header.ts';
import { parseJpegPayload } from './jpeg-payload.ts';
import type { JpegPayload } from './jpeg-payload.ts';

/** One whole JPEG, SOI to EOI, with SAMPLE_HEADROOM free bytes in front. */
export interface JpegFrame {
  data: Buffer;
  /** Where `data` lies; belongs to the caller, who releases it. */
  memory: MediaMemory;
  width: number;
  height: number;
}

/** What a packet gave: a part of a frame, or why the frame it belongs to must be dropped. */
export type JpegPart = 'part' | 'damaged' | { unsupportedType: number };

const MAX_SCAN_BYTES = 16 * 1024 * 1024;
const FIRST_SCAN_BYTES = 256 * 1024;
const TABLES_EVERY_TIME = 255;
const EOI = Uint8Array.of(0xff, 0xd9);
const NO_EXTENSION: JpegExtension = { width: null, height: null, huffmanTables: [] };

/** Joins the payloads of JPEG over RTP (RFC 2435) into whole JPEGs; one for each stream. */
export class JpegDepacketizer {
  readonly #told: { width: number; height: number } | null;
  /** Tables of each quality from 128 to 254: they hold until others come (RFC 2435 section 4.2). */
  readonly #tables = new Map<number, JpegPayload['tables']>();
  #scan = Buffer.allocUnsafeSlow(FIRST_SCAN_BYTES);
  #filled = 0;
  #first: JpegPayload | undefined;
  #extension: JpegExtension = NO_EXTENSION;

  /** `told`: picture size that the SDP tells, for frames larger than 2040 pixels and for the true edge of others. */
  constructor(told: { width: number; height: number } | null) {
    this.#told = told;
  }

  get empty(): boolean {
    return this.#first === undefined;
  }

  /** Takes the payload `buffer[payloadStart…payloadEnd)` of the packet that begins at `start`. */
  push(buffer: Buffer, start: number, payloadStart: number, payloadEnd: number): JpegPart {
    const reading = parseJpegPayload(buffer, payloadStart, payloadEnd);
    if (!reading.ok) {
      this.reset();
      return reading.why === 'kind' ? { unsupportedType: reading.type } : 'damaged';
    }
    const { payload } = reading;
    if (payload.offset === 0) this.#begin(payload);
    const size = payloadEnd - payload.dataStart;
    if (!this.#first || payload.offset !== this.#filled || this.#filled + size > MAX_SCAN_BYTES) {
      this.reset();
      return 'damaged';
    }
    this.#extension = readJpegExtension(buffer, start, payloadStart) ?? this.#extension;
    this.#makeRoom(size);
    this.#filled += buffer.copy(this.#scan, this.#filled, payload.dataStart, payloadEnd);
    return 'part';
  }

  /** The frame that the parts so far make; undefined when its size or its tables never came. Empties it. */
  finish(): JpegFrame | undefined {
    const first = this.#first;
    const scan = this.#scan.subarray(0, this.#filled);
    const extension = this.#extension;
    this.reset();
    const size = first && this.#sizeOf(first, extension);
    const tables = first && this.#tablesOf(first);
    if (!size || !tables || scan.length < 2) return undefined;
    // Some cameras send the whole JPEG where the bare scan belongs.
    if (scan[0] === 0xff && scan[1] === 0xd8) return { ...size, ...withHeadroom([scan]) };
    const { sampling, restartInterval } = first;
    const { huffmanTables } = extension;
    const header = jpegHeader({ ...size, sampling, restartInterval, tables, huffmanTables });
    const ended = scan.at(-2) === EOI[0] && scan.at(-1) === EOI[1];
    return { ...size, ...withHeadroom(ended ? [header, scan] : [header, scan, EOI]) };
  }

  /** Forgets the frame in the making. */
  reset(): void {
    this.#first = undefined;
    this.#filled = 0;
    this.#extension = NO_EXTENSION;
  }

  #begin(payload: JpegPayload): void {
    this.reset();
    this.#first = payload;
    const { quality, tables } = payload;
    if (tables.length > 0 && quality < TABLES_EVERY_TIME) this.#tables.set(quality, tables);
  }

  #tablesOf({ quality, tables }: JpegPayload): JpegPayload['tables'] | undefined {
    if (quality < 100) return tablesOfQuality(quality);
    return tables.length > 0 ? tables : this.#tables.get(quality);
  }

  /** ONVIF's extension goes before the payload's header; what the SDP tells fills in and gives the exact edge. */
  #sizeOf(
    { width, height }: JpegPayload,
    extension: JpegExtension,
  ): { width: number; height: number } | undefined {
    const size = {
      width: extension.width ?? exact(width, this.#told?.width),
      height: extension.height ?? exact(height, this.#told?.height),
    };
    return size.width > 0 && size.height > 0 ? size : undefined;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#filled + bytes;
    if (needed <= this.#scan.length) return;
    const scan = Buffer.allocUnsafeSlow(Math.min(MAX_SCAN_BYTES, Math.max(needed, this.#scan.length * 2)));
    this.#scan.copy(scan, 0, 0, this.#filled);
    this.#scan = scan;
  }
}

/** Headers count in blocks of 8 pixels: the told size is right where it rounds up to that, or where the header has none. */
function exact(inHeader: number, told = 0): number {
  return inHeader === 0 || Math.ceil(told / 8) * 8 === inHeader ? told : inHeader;
}

function withHeadroom(parts: readonly Uint8Array[]): Pick<JpegFrame, 'data' | 'memory'> {
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const memory = sharedSlabs.take(SAMPLE_HEADROOM + bytes);
  let at = SAMPLE_HEADROOM;
  for (const part of parts) {
    memory.bytes.set(part, at);
    at += part.byteLength;
  }
  return { data: memory.bytes.subarray(SAMPLE_HEADROOM, at), memory };
}
