import { usualHuffmanTables, usualQuantizers } from './jpeg-tables.ts';

/** What the header of a JPEG depends on. */
export interface JpegShape {
  width: number;
  height: number;
  sampling: '4:2:2' | '4:2:0';
  restartInterval: number | null;
  /** One or more tables, zigzag order: the first for luminance, the second (else the first) for chrominance. */
  tables: readonly { bits: 8 | 16; values: Uint8Array }[];
  /** Contents of DHT segments; the usual tables when empty. */
  huffmanTables: readonly Uint8Array[];
}

const LUMINANCE = 0;
const CHROMINANCE = 1;

/** Tables for a quality of 1 to 99 (RFC 2435 section 4.2). */
export function tablesOfQuality(quality: number): { bits: 8; values: Uint8Array }[] {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - quality * 2;
  return usualQuantizers.map((base) => ({
    bits: 8,
    values: base.map((value) => Math.max(1, Math.min(255, Math.floor((value * scale + 50) / 100)))),
  }));
}

/** All that stands in front of the scan of a baseline JPEG (ITU-T T.81, annex B), as RFC 2435 appendix B makes it. */
export function jpegHeader(shape: JpegShape): Buffer {
  const { width, height, sampling, restartInterval, huffmanTables } = shape;
  const [luminance, chrominance = luminance] = shape.tables;
  const luminanceSampling = sampling === '4:2:2' ? 0x21 : 0x22;
  const huffman = huffmanTables.length > 0 ? huffmanTables : [usualHuffmanTables];
  return Buffer.concat([
    Uint8Array.of(0xff, 0xd8),
    // JFIF: Y′CbCr of BT.601, full range.
    segment(0xe0, Buffer.from('JFIF\0', 'latin1'), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0)),
    ...(luminance ? [quantizers(LUMINANCE, luminance)] : []),
    ...(chrominance ? [quantizers(CHROMINANCE, chrominance)] : []),
    segment(
      0xc0,
      Uint8Array.of(8, height >> 8, height & 255, width >> 8, width & 255, 3),
      Uint8Array.of(1, luminanceSampling, LUMINANCE, 2, 0x11, CHROMINANCE, 3, 0x11, CHROMINANCE),
    ),
    ...huffman.map((tables) => segment(0xc4, tables)),
    ...(restartInterval === null
      ? []
      : [segment(0xdd, Uint8Array.of(restartInterval >> 8, restartInterval & 255))]),
    segment(0xda, Uint8Array.of(3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0)),
  ]);
}

function quantizers(number: number, { bits, values }: JpegShape['tables'][number]): Buffer {
  return segment(0xdb, Uint8Array.of((bits === 16 ? 0x10 : 0) | number), values);
}

function segment(marker: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = 2 + parts.reduce((sum, part) => sum + part.byteLength, 0);
  return Buffer.concat([Uint8Array.of(0xff, marker, length >> 8, length & 255), ...parts]);
}
