import { SAMPLE_HEADROOM } from '../../ingest/media.ts';

/** A picture of an FLV stream: NAL units behind 4-byte lengths, with SAMPLE_HEADROOM free bytes in front. */
export interface FlvFrame {
  timeMs: number;
  key: boolean;
  data: Buffer;
}

interface FlvReaderOptions {
  /** AVCDecoderConfigurationRecord (ISO 14496-15, 5.3.3.1). */
  onConfig(record: Uint8Array): void;
  onFrame(frame: FlvFrame): void;
}

const FILE_HEADER_BYTES = 9;
const TAG_HEADER_BYTES = 11;
const SIZE_AFTER_BYTES = 4;
const VIDEO_HEADER_BYTES = 5;
const VIDEO_TAG = 9;
const AVC = 7;
const KEY_FRAME = 1;
const CONFIG_PACKET = 0;
const FRAME_PACKET = 1;
/** A frame larger than this is none of ours. */
const MOST_TAG_BYTES = 8 * 1024 * 1024;

/** Reads H.264 out of a growing FLV stream (Adobe FLV 10.1, annex E); one for each stream. Copies each frame once. */
export class FlvReader {
  readonly #options: FlvReaderOptions;
  #header = Buffer.alloc(FILE_HEADER_BYTES + SIZE_AFTER_BYTES);
  #headerFill = 0;
  #body: Buffer | null = null;
  #bodyFill = 0;
  #wantsFileHeader = true;
  #broken = false;

  constructor(options: FlvReaderOptions) {
    this.#options = options;
  }

  /** Takes the next bytes; false when this is no FLV or a tag is too large: nothing more is read then. */
  push(bytes: Buffer): boolean {
    for (let at = 0; at < bytes.byteLength && !this.#broken;) {
      at = this.#body ? this.#fillBody(this.#body, bytes, at) : this.#fillHeader(bytes, at);
    }
    return !this.#broken;
  }

  #fillHeader(bytes: Buffer, from: number): number {
    const wanted = this.#wantsFileHeader ? FILE_HEADER_BYTES + SIZE_AFTER_BYTES : TAG_HEADER_BYTES;
    const taken = bytes.copy(this.#header, this.#headerFill, from, from + wanted - this.#headerFill);
    this.#headerFill += taken;
    if (this.#headerFill === wanted) {
      this.#headerFill = 0;
      if (this.#wantsFileHeader) this.#takeFileHeader();
      else this.#beginBody();
    }
    return from + taken;
  }

  #takeFileHeader(): void {
    this.#broken = this.#header.toString('latin1', 0, 3) !== 'FLV';
    this.#wantsFileHeader = false;
  }

  #beginBody(): void {
    const sizeBytes = this.#header.readUIntBE(1, 3);
    this.#broken = sizeBytes > MOST_TAG_BYTES;
    if (this.#broken) return;
    // The tag's own five bytes lie in the headroom that the frame behind them needs anyway.
    const whole = Buffer.allocUnsafeSlow(SAMPLE_HEADROOM + sizeBytes + SIZE_AFTER_BYTES);
    this.#body = whole.subarray(SAMPLE_HEADROOM - VIDEO_HEADER_BYTES);
    this.#bodyFill = 0;
  }

  #fillBody(body: Buffer, bytes: Buffer, from: number): number {
    const wanted = this.#header.readUIntBE(1, 3) + SIZE_AFTER_BYTES;
    const taken = bytes.copy(body, this.#bodyFill, from, from + wanted - this.#bodyFill);
    this.#bodyFill += taken;
    if (this.#bodyFill === wanted) {
      this.#body = null;
      this.#takeTag(body.subarray(0, wanted - SIZE_AFTER_BYTES));
    }
    return from + taken;
  }

  #takeTag(body: Buffer): void {
    const [first = 0, packet = 0] = body;
    if (((this.#header[0] ?? 0) & 0x1f) !== VIDEO_TAG || body.byteLength <= VIDEO_HEADER_BYTES) return;
    if ((first & 0x0f) !== AVC) return;
    const data = body.subarray(VIDEO_HEADER_BYTES);
    if (packet === CONFIG_PACKET) this.#options.onConfig(data);
    if (packet !== FRAME_PACKET) return;
    const decodeMs = this.#header.readUIntBE(4, 3) + (this.#header[7] ?? 0) * 0x1000000;
    this.#options.onFrame({
      timeMs: decodeMs + body.readIntBE(2, 3),
      key: first >> 4 === KEY_FRAME,
      data,
    });
  }
}
