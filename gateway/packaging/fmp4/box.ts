/** One ISO BMFF box (ISO 14496-12, 4.2): 32-bit size, four-letter type, then the payload parts in order. */
export function box(type: string, ...payload: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + payload.reduce((sum, part) => sum + part.byteLength, 0), 0);
  header.write(type, 4, 4, 'latin1');
  return Buffer.concat([header, ...payload]);
}

/** A box with version and 24-bit flags in front of its payload (FullBox, ISO 14496-12, 4.2). */
export function fullBox(
  type: string,
  version: number,
  flags: number,
  ...payload: readonly Uint8Array[]
): Buffer {
  return box(type, u32(version * 0x1000000 + flags), ...payload);
}

/** Bytes as given. */
export function u8(...values: readonly number[]): Buffer {
  return Buffer.from(values);
}

/** 16-bit big-endian numbers. */
export function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16BE(value, index * 2));
  return bytes;
}

/** 32-bit big-endian numbers. */
export function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}

/** Latin-1 text without terminator. */
export function text(value: string): Buffer {
  return Buffer.from(value, 'latin1');
}
