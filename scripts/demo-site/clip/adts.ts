/** An AAC stream cut into raw frames, with its AudioSpecificConfig. */
export interface AacFrames {
  sampleRate: number;
  channels: number;
  /** AudioSpecificConfig (ISO 14496-3 1.6.2.1), two bytes. */
  config: Buffer;
  frames: Buffer[];
}

const sampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

/** Reads an ADTS stream (ISO 13818-7 6.2); undefined when it holds no whole frame. */
export function readAdts(stream: Buffer): AacFrames | undefined {
  const frames: Buffer[] = [];
  let first: Buffer | undefined;
  for (let at = 0; at + 7 <= stream.length;) {
    if (stream[at] !== 0xff || (stream[at + 1]! & 0xf6) !== 0xf0) break;
    const headBytes = (stream[at + 1]! & 1) === 1 ? 7 : 9;
    const length = ((stream[at + 3]! & 3) << 11) | (stream[at + 4]! << 3) | (stream[at + 5]! >> 5);
    if (length < headBytes || at + length > stream.length) break;
    first ??= stream.subarray(at, at + 7);
    frames.push(stream.subarray(at + headBytes, at + length));
    at += length;
  }
  if (first === undefined) return undefined;
  const objectType = (first[2]! >> 6) + 1;
  const rateIndex = (first[2]! >> 2) & 15;
  const channels = ((first[2]! & 1) << 2) | (first[3]! >> 6);
  const sampleRate = sampleRates[rateIndex];
  if (sampleRate === undefined) return undefined;
  const config = Buffer.from([
    (objectType << 3) | (rateIndex >> 1),
    ((rateIndex & 1) << 7) | (channels << 3),
  ]);
  return { sampleRate, channels, config, frames };
}
