/** What the fragments in some bytes hold (ISO 14496-12, 8.8). */
export interface FragmentFacts {
  /** Video time, ticks of the video track. */
  videoTicks: number;
  /** Decode time of the first video frame; null without video. */
  firstVideoTicks: number | null;
  frames: number;
  /** A frame that decoding can start at, judged by its NAL units and not by any flag. */
  hasKeyFrame: boolean;
  startsWithKeyFrame: boolean;
  /** Frames whose flags in `trun` disagree with their NAL units. */
  falseFlags: number;
}

interface Box {
  type: string;
  start: number;
  body: Buffer;
}

const VIDEO_TRACK_ID = 1;
const NON_SYNC_FLAG = 0x00010000;

/** Reads whole `moof` + `mdat` pairs; throws on bytes that are not that. `codec` as the init segment's sample entry has it. */
export function readFragments(bytes: Buffer, codec: 'avc1' | 'hvc1'): FragmentFacts {
  const facts: FragmentFacts = {
    videoTicks: 0,
    firstVideoTicks: null,
    frames: 0,
    hasKeyFrame: false,
    startsWithKeyFrame: false,
    falseFlags: 0,
  };
  for (const box of boxesIn(bytes)) {
    if (box.type === 'moof') readMoof(bytes, box, codec, facts);
    else if (box.type !== 'mdat') throw new Error(`a ${box.type} box among fragments`);
  }
  return facts;
}

/** The video sample entry and timescale that an init segment announces. */
export function readInit(init: Buffer): 'avc1' | 'hvc1' {
  for (const type of ['avc1', 'hvc1'] as const) if (init.includes(type, 0, 'latin1')) return type;
  throw new Error('an init segment without H.264 or H.265');
}

function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes.readUInt32BE(at);
    if (length < 8 || at + length > bytes.length) throw new Error(`a box of ${length} bytes at ${at}`);
    boxes.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      start: at,
      body: bytes.subarray(at + 8, at + length),
    });
    at += length;
  }
  return boxes;
}

function readMoof(bytes: Buffer, moof: Box, codec: 'avc1' | 'hvc1', facts: FragmentFacts): void {
  for (const traf of boxesIn(moof.body).filter(({ type }) => type === 'traf')) {
    const parts = new Map(boxesIn(traf.body).map(({ type, body }) => [type, body]));
    const [tfhd, tfdt, trun] = [parts.get('tfhd'), parts.get('tfdt'), parts.get('trun')];
    if (!tfhd || !tfdt || !trun) throw new Error('a traf without tfhd, tfdt or trun');
    if (tfhd.readUInt32BE(4) !== VIDEO_TRACK_ID) continue;
    facts.firstVideoTicks ??= Number(tfdt.readBigUInt64BE(4));
    readTrun(bytes, moof.start, trun, codec, facts);
  }
}

/** `trun` with duration, size, flags and composition offset of each sample, and a data offset. */
function readTrun(
  bytes: Buffer,
  moofStart: number,
  trun: Buffer,
  codec: 'avc1' | 'hvc1',
  facts: FragmentFacts,
): void {
  if ((trun.readUInt32BE(0) & 0xffffff) !== 0x000f01) throw new Error('a trun of another form');
  let data = moofStart + trun.readInt32BE(8);
  for (let index = 0; index < trun.readUInt32BE(4); index += 1) {
    const at = 12 + index * 16;
    const sizeBytes = trun.readUInt32BE(at + 4);
    const key = isKeyFrame(bytes.subarray(data, data + sizeBytes), codec);
    if (key !== ((trun.readUInt32BE(at + 8) & NON_SYNC_FLAG) === 0)) facts.falseFlags += 1;
    if (facts.frames === 0) facts.startsWithKeyFrame = key;
    facts.hasKeyFrame ||= key;
    facts.frames += 1;
    facts.videoTicks += trun.readUInt32BE(at);
    data += sizeBytes;
  }
}

/** IDR (H.264 type 5; H.265 16 to 21) among the length-prefixed NAL units of a frame. */
function isKeyFrame(frame: Buffer, codec: 'avc1' | 'hvc1'): boolean {
  for (let at = 0; at + 5 <= frame.length; at += 4 + frame.readUInt32BE(at)) {
    const first = frame[at + 4] ?? 0;
    const type = codec === 'avc1' ? first & 31 : (first >> 1) & 63;
    if (codec === 'avc1' ? type === 5 : type >= 16 && type <= 21) return true;
  }
  return false;
}
