/** Elements of a stream that a program reads as it is written (RFC 9559, EBML RFC 8794). */
const CODEC_IDS = { h264: 'V_MPEG4/ISO/AVC', h265: 'V_MPEGH/ISO/HEVC' } as const;
/** A segment whose length is unknown ends when the stream ends. */
const ENDLESS_SEGMENT = Buffer.from('1853806701ffffffffffffff', 'hex');
const MS_IN_NS = 1_000_000;
/** Not told: the reader takes the pixels' shape from the video itself. */
const DISPLAY_UNIT_UNKNOWN = 4;
/** Track 1, at the cluster's time, a key frame. */
const BLOCK_HEAD = Buffer.from([0x81, 0, 0, 0x80]);

/** The beginning of a Matroska stream with one video track whose packets are Annex B access units with their parameter sets. */
export function matroskaHead(codec: 'h264' | 'h265', width: number, height: number): Buffer {
  const ebml = element(
    '1a45dfa3',
    unsigned('4286', 1),
    unsigned('42f7', 1),
    unsigned('42f2', 4),
    unsigned('42f3', 8),
    text('4282', 'matroska'),
    unsigned('4287', 4),
    unsigned('4285', 2),
  );
  const info = element(
    '1549a966',
    unsigned('2ad7b1', MS_IN_NS),
    text('4d80', 'gantry'),
    text('5741', 'gantry'),
  );
  const video = element(
    'e0',
    unsigned('b0', width),
    unsigned('ba', height),
    unsigned('54b2', DISPLAY_UNIT_UNKNOWN),
  );
  const track = element(
    'ae',
    unsigned('d7', 1),
    unsigned('73c5', 1),
    unsigned('83', 1),
    unsigned('9c', 0),
    text('86', CODEC_IDS[codec]),
    video,
  );
  return Buffer.concat([ebml, ENDLESS_SEGMENT, info, element('1654ae6b', track)]);
}

/** One access unit at `atMs` as a cluster of its own; the unit's bytes are not copied. */
export function matroskaPacket(atMs: number, unit: readonly Uint8Array[]): Uint8Array[] {
  const byteLength = unit.reduce((sum, part) => sum + part.byteLength, BLOCK_HEAD.byteLength);
  const time = unsigned('e7', atMs);
  const block = elementHead('a3', byteLength);
  const cluster = elementHead('1f43b675', time.byteLength + block.byteLength + byteLength);
  return [Buffer.concat([cluster, time, block, BLOCK_HEAD]), ...unit];
}

function element(id: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([elementHead(id, body.byteLength), body]);
}

function unsigned(id: string, value: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeBigUInt64BE(BigInt(value));
  return element(id, body);
}

function text(id: string, value: string): Buffer {
  return element(id, Buffer.from(value, 'ascii'));
}

/** The length is written in the longest form, eight bytes of which the first says so. */
function elementHead(id: string, byteLength: number): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(byteLength));
  length[0] = 0x01;
  return Buffer.concat([Buffer.from(id, 'hex'), length]);
}
