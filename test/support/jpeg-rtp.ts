/** The parts of a JPEG that RFC 2435 sends, taken from a file. */
export interface JpegParts {
  width: number;
  height: number;
  /** 0 for 4:2:2, 1 for 4:2:0, 64 more with restart markers. */
  type: number;
  restartInterval: number;
  /** Contents of all tables, 64 bytes each. */
  tables: Buffer;
  scan: Buffer;
}

/** Takes a baseline JPEG apart. */
export function takeJpegApart(jpeg: Buffer): JpegParts {
  const parts: JpegParts = {
    width: 0,
    height: 0,
    type: 0,
    restartInterval: 0,
    tables: Buffer.alloc(0),
    scan: jpeg,
  };
  for (let at = 2; ;) {
    const marker = jpeg[at + 1];
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (marker === 0xdb)
      for (let table = at + 4; table < end; table += 65)
        parts.tables = Buffer.concat([parts.tables, jpeg.subarray(table + 1, table + 65)]);
    if (marker === 0xdd) parts.restartInterval = jpeg.readUInt16BE(at + 4);
    if (marker === 0xc0) {
      parts.height = jpeg.readUInt16BE(at + 5);
      parts.width = jpeg.readUInt16BE(at + 7);
      parts.type = jpeg[at + 11] === 0x22 ? 1 : 0;
    }
    if (marker === 0xda) {
      parts.scan = jpeg.subarray(end);
      if (parts.restartInterval > 0) parts.type += 64;
      return parts;
    }
    at = end;
  }
}

/** Payloads of one frame (RFC 2435 section 3.1) with so many bytes of the scan in each; `q` is 255 unless told. */
export function jpegPayloads(
  parts: JpegParts,
  options: { chunkBytes?: number; q?: number; sizeInHeader?: boolean; withTables?: boolean } = {},
): Buffer[] {
  const { chunkBytes = 700, q = 255, sizeInHeader = true, withTables = q >= 128 } = options;
  const payloads: Buffer[] = [];
  for (let at = 0; at < parts.scan.length; at += chunkBytes) {
    const main = Buffer.alloc(8);
    main.writeUIntBE(at, 1, 3);
    main[4] = parts.type;
    main[5] = q;
    main[6] = sizeInHeader ? Math.ceil(parts.width / 8) : 0;
    main[7] = sizeInHeader ? Math.ceil(parts.height / 8) : 0;
    const restart = Buffer.from([parts.restartInterval >> 8, parts.restartInterval & 255, 0xff, 0xff]);
    const length = withTables ? parts.tables.length : 0;
    const tables = Buffer.concat([
      Buffer.from([0, 0, length >> 8, length & 255]),
      withTables ? parts.tables : Buffer.alloc(0),
    ]);
    payloads.push(
      Buffer.concat([
        main,
        ...(parts.type >= 64 ? [restart] : []),
        ...(at === 0 && q >= 128 ? [tables] : []),
        parts.scan.subarray(at, at + chunkBytes),
      ]),
    );
  }
  return payloads;
}
