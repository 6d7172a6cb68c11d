/** Ticks of 48 kHz by the configuration in the upper five bits of an Opus packet (RFC 6716 section 3.1, table 2). */
const FRAME_TICKS: readonly number[] = [
  ...Array.from({ length: 3 }, () => [480, 960, 1920, 2880]).flat(),
  ...Array.from({ length: 2 }, () => [480, 960]).flat(),
  ...Array.from({ length: 4 }, () => [120, 240, 480, 960]).flat(),
];
const LONGEST_TICKS = 5760;

/** Length of an Opus packet in ticks of 48 kHz; null when it is none (RFC 6716 section 3.4, R1 and R5). */
export function opusDuration(packet: Uint8Array): number | null {
  const [toc, second] = packet;
  if (toc === undefined) return null;
  const frameTicks = FRAME_TICKS[toc >> 3] ?? 0;
  const kind = toc & 3;
  if (kind < 3) return frameTicks * (kind === 0 ? 1 : 2);
  const count = (second ?? 0) & 0x3f;
  const ticks = frameTicks * count;
  return count > 0 && ticks <= LONGEST_TICKS ? ticks : null;
}
