import type { BitReader } from './bit-reader.ts';

/** profile_tier_level() of an H.265 parameter set (ITU-T H.265 section 7.3.3), the general part. */
export interface H265Profile {
  space: number;
  tier: number;
  idc: number;
  compatibility: number;
  constraints: readonly number[];
  level: number;
}

const NAMES: Readonly<Record<number, string>> = {
  1: 'Main',
  2: 'Main 10',
  3: 'Main Still Picture',
  4: 'Range Extensions',
  9: 'Screen Content',
};

export function readH265Profile(bits: BitReader, maxSubLayersMinus1: number): H265Profile {
  const space = bits.bits(2);
  const tier = bits.bit();
  const idc = bits.bits(5);
  const compatibility = bits.bits(32);
  const constraints = Array.from({ length: 6 }, () => bits.bits(8));
  const level = bits.bits(8);
  const present: [profile: boolean, level: boolean][] = [];
  for (let index = 0; index < maxSubLayersMinus1; index += 1) present.push([bits.flag(), bits.flag()]);
  if (maxSubLayersMinus1 > 0) bits.skip(2 * (8 - maxSubLayersMinus1));
  for (const [profile, subLevel] of present) bits.skip((profile ? 88 : 0) + (subLevel ? 8 : 0));
  return { space, tier, idc, compatibility, constraints, level };
}

/** The codecs parameter of ISO/IEC 14496-15 annex E.3, as in `hvc1.1.6.L93.B0`. */
export function h265CodecString(profile: H265Profile): string {
  const space = ['', 'A', 'B', 'C'][profile.space] ?? '';
  const constraints = [...profile.constraints];
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    'hvc1',
    `${space}${profile.idc}`,
    reverseBits32(profile.compatibility).toString(16).toUpperCase(),
    `${profile.tier ? 'H' : 'L'}${profile.level}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ].join('.');
}

export function h265ProfileName(profile: H265Profile): string {
  return NAMES[profile.idc] ?? `profile ${profile.idc}`;
}

function reverseBits32(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) reversed = reversed * 2 + ((value >>> bit) & 1);
  return reversed;
}
