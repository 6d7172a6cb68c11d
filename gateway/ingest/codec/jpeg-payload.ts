/** What one payload of JPEG over RTP tells (RFC 2435 section 3.1); the scan's bytes are `buffer[dataStart…end)`. */
export interface JpegPayload {
  /** Place of the bytes in the frame's scan. */
  offset: number;
  sampling: '4:2:2' | '4:2:0';
  /** MCUs between restart markers; null without them. */
  restartInterval: number | null;
  /** 1 to 99: tables by formula, 128 to 255: tables in the stream. */
  quality: number;
  /** Tables that came with this packet, as the stream has them: 8 or 16 bits an entry, zigzag order. */
  tables: { bits: 8 | 16; values: Uint8Array }[];
  /** Pixels, multiples of 8; 0 when larger than 2040. */
  width: number;
  height: number;
  dataStart: number;
}

/** A payload, or why there is none: `kind` for JPEGs that RFC 2435 does not define. */
export type JpegReading =
  | { ok: true; payload: JpegPayload }
  | { ok: false; why: 'damaged' }
  | { ok: false; why: 'kind'; type: number };

const MAIN_BYTES = 8;
const RESTART_BYTES = 4;
const TABLES_HEADER_BYTES = 4;
const WITH_RESTARTS = 64;
const TABLES_IN_BAND = 128;
const ENTRIES = 64;
const MOST_TABLES = 4;
const DAMAGED: JpegReading = { ok: false, why: 'damaged' };

/** Reads the headers of a payload `buffer[start…end)`. Copies the tables, nothing else. */
export function parseJpegPayload(buffer: Buffer, start: number, end: number): JpegReading {
  if (end - start < MAIN_BYTES) return DAMAGED;
  const type = buffer.readUInt8(start + 4);
  const kind = type % WITH_RESTARTS;
  if (kind > 1 || type >= 2 * WITH_RESTARTS) return { ok: false, why: 'kind', type };
  const offset = buffer.readUIntBE(start + 1, 3);
  const quality = buffer.readUInt8(start + 5);
  const hasRestarts = type >= WITH_RESTARTS;
  const afterMain = start + MAIN_BYTES + (hasRestarts ? RESTART_BYTES : 0);
  if (afterMain > end || !isQuality(quality)) return DAMAGED;
  const inBand = quality >= TABLES_IN_BAND && offset === 0;
  const read = inBand ? readTables(buffer, afterMain, end) : { tables: [], end: afterMain };
  if (!read) return DAMAGED;
  return {
    ok: true,
    payload: {
      offset,
      sampling: kind === 0 ? '4:2:2' : '4:2:0',
      restartInterval: hasRestarts ? buffer.readUInt16BE(start + MAIN_BYTES) : null,
      quality,
      tables: read.tables,
      width: buffer.readUInt8(start + 6) * 8,
      height: buffer.readUInt8(start + 7) * 8,
      dataStart: read.end,
    },
  };
}

/** 0 and 100 to 127 are reserved. */
function isQuality(quality: number): boolean {
  return (quality >= 1 && quality <= 99) || quality >= TABLES_IN_BAND;
}

/** Quantization table header, RFC 2435 section 3.1.8; one table alone serves luminance and chrominance. */
function readTables(
  buffer: Buffer,
  start: number,
  end: number,
): { tables: JpegPayload['tables']; end: number } | undefined {
  if (end - start < TABLES_HEADER_BYTES) return undefined;
  const precision = buffer[start + 1] ?? 0;
  const length = buffer.readUInt16BE(start + 2);
  let at = start + TABLES_HEADER_BYTES;
  const tablesEnd = at + length;
  if (tablesEnd > end) return undefined;
  const tables: JpegPayload['tables'] = [];
  while (at < tablesEnd && tables.length < MOST_TABLES) {
    const bits = (precision >> tables.length) & 1 ? 16 : 8;
    const bytes = (ENTRIES * bits) / 8;
    if (at + bytes > tablesEnd) return undefined;
    tables.push({ bits, values: Uint8Array.from(buffer.subarray(at, at + bytes)) });
    at += bytes;
  }
  return { tables, end: tablesEnd };
}
