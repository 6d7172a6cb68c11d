import { assert, constantFrom, property, uint8Array } from 'fast-check';
import { expect, it } from 'vitest';
import { toAnnexB } from '../../gateway/ffmpeg/key-frame.ts';
import { jpegSize } from '../../gateway/ffmpeg/jpeg-size.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

it('toAnnexB never throws and never gives more bytes than came in, start codes apart', () => {
  assert(
    property(
      uint8Array({ maxLength: 200 }),
      constantFrom('h264' as const, 'h265' as const),
      (data, codec) => {
        const track = { codec, width: 64, height: 64, parameterSets: { vps: [], sps: [], pps: [] } };
        const units = toAnnexB({ track, sample: { data } });
        const bytes = units.reduce((sum, unit) => sum + unit.byteLength, 0);
        expect(bytes - (units.length / 2) * 4).toBeLessThanOrEqual(data.byteLength);
      },
    ),
  );
});

it('jpegSize ends on any bytes that look like the start of a JPEG', () => {
  assert(
    property(uint8Array({ maxLength: 300 }), (bytes) => {
      const size = jpegSize(Uint8Array.of(0xff, 0xd8, 0xff, ...bytes, 0xff, 0xd9));
      expect(size === null || size.width <= 65_535).toBe(true);
    }),
    fuzzRuns(2000),
  );
});
