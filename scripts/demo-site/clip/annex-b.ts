/** Cuts an Annex-B byte stream (H.264 B.1, H.265 B.2) into NAL units without their start codes or trailing zeros. */
export function nalUnitsOf(stream: Buffer): Buffer[] {
  const starts: number[] = [];
  for (
    let at = stream.indexOf('\0\0\x01', 0, 'latin1');
    at !== -1;
    at = stream.indexOf('\0\0\x01', at + 3, 'latin1')
  ) {
    starts.push(at);
  }
  return starts.map((start, i) => {
    let end = starts[i + 1] ?? stream.length;
    while (end > start + 3 && stream[end - 1] === 0) end -= 1;
    return stream.subarray(start + 3, end);
  });
}

/** Takes out the emulation prevention bytes of a NAL unit. */
export function unescapeNal(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}

/** Puts emulation prevention bytes in. */
export function escapeNal(nal: Uint8Array): Buffer {
  const out = Buffer.alloc(nal.length + Math.ceil(nal.length / 2) + 2);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte <= 3) {
      out[length] = 3;
      length += 1;
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length] = byte;
    length += 1;
  }
  return Buffer.from(out.subarray(0, length));
}
