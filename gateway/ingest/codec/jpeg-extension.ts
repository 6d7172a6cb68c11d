/** What an ONVIF camera tells of a JPEG in the RTP header extension. */
export interface JpegExtension {
  /** Pixels, from SOF0; null when there is none. */
  width: number | null;
  height: number | null;
  /** Contents of DHT segments, where the Huffman tables are not the usual ones. */
  huffmanTables: Uint8Array[];
}

const FIXED_BYTES = 12;
const EXTENSION_HEADER_BYTES = 4;
/** SOI, as ONVIF marks its extension (ONVIF Streaming Specification, JPEG over RTP). */
const ONVIF_JPEG = 0xffd8;
const SOF0 = 0xc0;
const DHT = 0xc4;

/**
 * Reads the JPEG header extension of the RTP packet that begins at `start` and whose payload begins at `payloadStart`:
 * frames larger than 2040 pixels, and other Huffman tables. Undefined when the packet has none.
 */
export function readJpegExtension(
  buffer: Buffer,
  start: number,
  payloadStart: number,
): JpegExtension | undefined {
  const first = buffer[start] ?? 0;
  const from = start + FIXED_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) === 0 || from + EXTENSION_HEADER_BYTES > payloadStart) return undefined;
  if (buffer.readUInt16BE(from) !== ONVIF_JPEG) return undefined;
  const found: JpegExtension = { width: null, height: null, huffmanTables: [] };
  for (let at = from + EXTENSION_HEADER_BYTES; at + 4 <= payloadStart;) {
    const marker = buffer[at + 1] ?? 0;
    if (buffer[at] !== 0xff) break;
    if (marker === 0xff) {
      // Filler up to a multiple of four bytes.
      at += 1;
      continue;
    }
    const segmentEnd = at + 2 + buffer.readUInt16BE(at + 2);
    if (segmentEnd > payloadStart || segmentEnd < at + 4) break;
    if (marker === SOF0 && segmentEnd >= at + 9) {
      found.height = buffer.readUInt16BE(at + 5);
      found.width = buffer.readUInt16BE(at + 7);
    }
    if (marker === DHT) found.huffmanTables.push(Uint8Array.from(buffer.subarray(at + 4, segmentEnd)));
    at = segmentEnd;
  }
  return found;
}
