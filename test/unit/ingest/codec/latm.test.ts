import { describe, expect, test } from 'vitest';
import { parseLatmConfig } from '../../../../gateway/ingest/codec/latm-config.ts';
import { LatmDepacketizer } from '../../../../gateway/ingest/codec/latm-depacketizer.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

describe('the configuration', () => {
  test.each([
    ['of AAC-LC, 24 kHz, one channel', '400026103fc0', '1308', 1],
    ['of GStreamer, with the signal for band replication and without its tail', '40002310adca00', '1188', 1],
    ['of several frames in one element', '430026103fc0', '1308', 4],
  ])('%s', (_, text, config, framesPerElement) => {
    expect(parseLatmConfig(hex(text))).toEqual({ config: hex(config), framesPerElement });
  });

  test.each([
    ['another version', 'c00026103fc0'],
    ['two programs', '401026103fc0'],
    ['two layers', '400226103fc0'],
    ['no AAC', '400000103fc0'],
    ['nothing', ''],
  ])('%s is refused', (_, text) => {
    expect(parseLatmConfig(hex(text))).toBeUndefined();
  });
});

describe('payloads', () => {
  const take = (depacketizer: LatmDepacketizer, bytes: number[], marker = true): string => {
    const buffer = Buffer.from([9, ...bytes, 9]);
    const outcome = depacketizer.push(buffer, 1, buffer.length - 1, marker);
    // The network's buffer is used again for what comes next.
    buffer.fill(0xee);
    return outcome.kind === 'frames'
      ? outcome.frames.map((frame) => frame.toString('hex')).join(' ')
      : outcome.kind;
  };

  test('hold frames behind their lengths', () => {
    expect(take(new LatmDepacketizer(1), [2, 0xaa, 0xbb])).toBe('aabb');
    expect(take(new LatmDepacketizer(2), [1, 0xaa, 2, 0xbb, 0xcc])).toBe('aa bbcc');
    const long = Array.from({ length: 256 }, () => 7);
    expect(take(new LatmDepacketizer(1), [255, 1, ...long])).toBe('07'.repeat(256));
  });

  test('are joined when an element is split, up to the marker', () => {
    const depacketizer = new LatmDepacketizer(1);
    expect(take(depacketizer, [4, 1, 2], false)).toBe('partial');
    expect(take(depacketizer, [3, 4])).toBe('01020304');
    expect(take(depacketizer, [1, 5])).toBe('05');
  });

  test('that were cut are damaged, and a part that was lost takes its rest along', () => {
    const depacketizer = new LatmDepacketizer(1);
    expect(take(depacketizer, [4, 1, 2])).toBe('damaged');
    expect(take(depacketizer, [255])).toBe('damaged');
    take(depacketizer, [4, 1, 2], false);
    depacketizer.reset();
    expect(take(depacketizer, [1, 5])).toBe('05');
  });
});
