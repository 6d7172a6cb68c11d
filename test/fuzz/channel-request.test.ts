import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readChannelRequest } from '../../gateway/web/read-channel-request.ts';

test('no text on the wall’s socket leaves the reader’s union', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const request = readChannelRequest(text);
      expect(request === undefined || 'subscribe' in request || 'unsubscribe' in request).toBe(true);
    }),
  );
});

test('what is read of a subscription is what was sent, and whole', () => {
  const fields = fc.record({
    channel: fc.oneof(fc.integer(), fc.double(), fc.maxSafeNat()),
    cameraId: fc.string({ maxLength: 200 }),
    rendition: fc.constantFrom('main', 'sub', 'h264', 'other'),
  });
  fc.assert(
    fc.property(fields, (subscribe) => {
      const { channel, cameraId, rendition } = subscribe;
      const good =
        Number.isInteger(channel) &&
        channel >= 0 &&
        channel <= 0xffffffff &&
        cameraId.length > 0 &&
        cameraId.length <= 120 &&
        rendition !== 'other';
      const read = readChannelRequest(JSON.stringify({ subscribe }));
      expect(read).toEqual(good ? { subscribe: { ...subscribe, channel: channel + 0 } } : undefined);
    }),
  );
});
