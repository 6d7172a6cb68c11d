import { inflateRawSync } from 'node:zlib';
import { GatewayError } from '../../base/gateway-error.ts';

/** What a workbook may hold; a roster of thousands of cameras is far below. */
const MOST_ENTRIES = 500;
const MOST_BYTES = 32 * 1024 * 1024;

const END_RECORD = 0x06054b50;
const CENTRAL_HEADER = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_RECORD_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;

interface ZipEntry {
  method: number;
  packedBytes: number;
  bytes: number;
  localAt: number;
}

/**
 * Makes sure that unpacking the archive (APPNOTE 4.3) stays within a budget, whatever sizes it claims: each entry is
 * inflated against what is left of it and thrown away. Throws `bad-request` for a bomb and for what is no ZIP archive.
 */
export function checkZipBudget(archive: Buffer, mostBytes = MOST_BYTES): void {
  let left = mostBytes;
  for (const entry of entriesOf(archive)) {
    if (entry.bytes > left) throw tooLarge(mostBytes);
    left -= unpackedBytes(archive, entry, left, mostBytes);
  }
}

function unpackedBytes(archive: Buffer, entry: ZipEntry, left: number, mostBytes: number): number {
  const { method, packedBytes, localAt } = entry;
  if (localAt + 30 > archive.length || archive.readUInt32LE(localAt) !== LOCAL_HEADER) throw damaged();
  const start = localAt + 30 + archive.readUInt16LE(localAt + 26) + archive.readUInt16LE(localAt + 28);
  const packed = archive.subarray(start, start + packedBytes);
  if (packed.length !== packedBytes) throw damaged();
  if (method === STORED) return packedBytes;
  if (method !== DEFLATED) throw damaged();
  try {
    // 0 would mean no limit.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, left) }).length;
  } catch (error) {
    const isLimit = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isLimit ? tooLarge(mostBytes) : damaged();
  }
}

function entriesOf(archive: Buffer): ZipEntry[] {
  const endAt = endRecordAt(archive);
  const count = archive.readUInt16LE(endAt + 10);
  let at = archive.readUInt32LE(endAt + 16);
  if (count > MOST_ENTRIES) throw tooLarge(MOST_BYTES);
  return Array.from({ length: count }, () => {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== CENTRAL_HEADER) throw damaged();
    const entry: ZipEntry = {
      method: archive.readUInt16LE(at + 10),
      packedBytes: archive.readUInt32LE(at + 20),
      bytes: archive.readUInt32LE(at + 24),
      localAt: archive.readUInt32LE(at + 42),
    };
    at += 46 + [28, 30, 32].reduce((sum, field) => sum + archive.readUInt16LE(at + field), 0);
    return entry;
  });
}

function endRecordAt(archive: Buffer): number {
  const least = Math.max(0, archive.length - END_RECORD_BYTES - LONGEST_COMMENT);
  for (let at = archive.length - END_RECORD_BYTES; at >= least; at -= 1) {
    if (archive.readUInt32LE(at) === END_RECORD) return at;
  }
  throw damaged();
}

function tooLarge(mostBytes: number): GatewayError {
  return new GatewayError(
    'bad-request',
    `the workbook unpacks to more than ${Math.round(mostBytes / 1024 / 1024)} MiB: save the list alone as a new file`,
  );
}

function damaged(): GatewayError {
  return new GatewayError('bad-request', 'the file is a damaged workbook: open it in Excel and save it anew');
}
