import { GatewayError } from '../../base/gateway-error.ts';

/**
 * The text of a CSV file as Excel and others write it: UTF-8 with or without byte-order mark, UTF-16 with one, else
 * GB18030 (which holds GBK and GB2312). Throws `bad-request` when it is none of them.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return withoutZeros(new TextDecoder(encoding, { fatal: true }).decode(bytes));
    } catch (error) {
      if (error instanceof GatewayError) throw error;
    }
  }
  throw unreadable();
}

function withoutZeros(text: string): string {
  if (text.includes('\0')) throw unreadable();
  return text;
}

function unreadable(): GatewayError {
  return new GatewayError(
    'bad-request',
    'the file is neither an Excel workbook (.xlsx) nor readable text: save it as .xlsx or as CSV in UTF-8 or GB18030',
  );
}
