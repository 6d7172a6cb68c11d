import { expect, it } from 'vitest';
import { PacketSizeLimit } from '../../../gateway/telemetry/packet-size-limit.ts';

it('lets packets up to the limit pass, however they are cut, and stops at the first larger one', () => {
  const limit = new PacketSizeLimit(300);
  const fits = Buffer.concat([Buffer.from([0x30, 0xac, 0x02]), Buffer.alloc(300, 0xff)]);
  for (const byte of Buffer.concat([fits, fits, Buffer.from([0xc0, 0])]))
    expect(limit.accepts([byte] as never)).toBe(true);
  expect(limit.accepts(fits)).toBe(true);
  expect(limit.accepts(Buffer.from([0x30, 0xad, 0x02]))).toBe(false);
});

it('refuses a length of five bytes', () => {
  expect(new PacketSizeLimit(1 << 28).accepts(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(false);
});
