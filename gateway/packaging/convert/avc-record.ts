/** The parameter sets of an AVCDecoderConfigurationRecord (ISO 14496-15, 5.3.3.1); undefined when it is damaged. */
export function readAvcRecord(record: Uint8Array): { sps: Uint8Array[]; pps: Uint8Array[] } | undefined {
  if (record.length < 7 || record[0] !== 1 || ((record[4] ?? 0) & 3) !== 3) return undefined;
  const sps = readSets(record, 6, (record[5] ?? 0) & 0x1f);
  if (!sps || sps.sets.length === 0) return undefined;
  const pps = readSets(record, sps.end + 1, record[sps.end] ?? 0);
  if (!pps || pps.sets.length === 0) return undefined;
  return { sps: sps.sets, pps: pps.sets };
}

function readSets(
  record: Uint8Array,
  from: number,
  count: number,
): { sets: Uint8Array[]; end: number } | undefined {
  const sets: Uint8Array[] = [];
  let at = from;
  for (let index = 0; index < count; index += 1) {
    const length = (record[at] ?? 0) * 256 + (record[at + 1] ?? 0);
    if (length === 0 || at + 2 + length > record.length) return undefined;
    // A copy, as it outlives the buffer that it came in; `slice` of a Buffer makes none.
    sets.push(Uint8Array.from(record.subarray(at + 2, at + 2 + length)));
    at += 2 + length;
  }
  return { sets, end: at };
}
