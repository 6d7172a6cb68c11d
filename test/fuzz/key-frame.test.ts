import { array, assert, constantFrom, nat, property, string, uint8Array } from 'fast-check';
import { expect, it } from 'vitest';
import { jpegSize } from '../../gateway/ffmpeg/jpeg-size.ts';
import { toAnnexB } from '../../gateway/ffmpeg/key-frame.ts';
import { isLonePicture } from '../../gateway/ffmpeg/lone-picture.ts';
import { oneJpeg } from '../../gateway/ffmpeg/one-jpeg.ts';
import { readNotes } from '../../gateway/ffmpeg/picture-notes.ts';
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

it('isLonePicture answers for any bytes, and only for slices of IDR pictures with yes', () => {
  assert(
    property(
      uint8Array({ maxLength: 60 }),
      constantFrom('h264' as const, 'h265' as const),
      (bytes, codec) => {
        const track = { codec, width: 640, height: 360, parameterSets: { vps: [], sps: [], pps: [] } };
        const data = Uint8Array.of(0, 0, 0, bytes.length, ...bytes);
        if (!isLonePicture({ track, sample: { data } })) return;
        const header = bytes[0] ?? 0;
        expect(codec === 'h264' ? header & 0x1f : (header >> 1) & 0x3f).toBeOneOf(
          codec === 'h264' ? [5] : [19, 20],
        );
      },
    ),
    fuzzRuns(2000),
  );
});

const segment = uint8Array({ maxLength: 40 }).map((body) => [0xff, 0xe0, 0, body.length + 2, ...body]);
const scan = array(constantFrom([1], [0x7f], [0xff, 0], [0xff, 0xd0]), { maxLength: 40 }).map((parts) =>
  parts.flat(),
);

it('oneJpeg takes a JPEG for whole at its end alone, and never two for one', () => {
  assert(
    property(array(segment, { maxLength: 4 }), scan, nat(), (segments, data, at) => {
      const jpeg = Buffer.from([0xff, 0xd8, ...segments.flat(), 0xff, 0xda, 0, 2, ...data, 0xff, 0xd9]);
      expect(oneJpeg(jpeg)).toBe('whole');
      expect(oneJpeg(jpeg.subarray(0, at % jpeg.length))).toBe('part');
      expect(oneJpeg(Buffer.concat([jpeg, jpeg]))).toBe('other');
      expect(oneJpeg(Buffer.concat([jpeg, jpeg.subarray(0, 1 + (at % jpeg.length))]))).toBe('other');
    }),
    fuzzRuns(1000),
  );
});

it('readNotes takes any other text than the frames wanted for something else, and their beginning for a part', () => {
  const note = (ms: number): string => `frame:0    pts:${ms}    pts_time:${ms / 1000}\ngantry=1\n`;
  assert(
    property(nat({ max: 900 }), nat(), string({ minLength: 1 }), (second, at, noise) => {
      const times = [second * 2000, second * 2000 + 1000];
      const text = times.map(note).join('');
      expect(readNotes(text, times)).toBe('whole');
      expect(readNotes(text.slice(0, at % text.length), times)).toBe('part');
      expect(readNotes(`${text}${noise}\n`, times)).toBe('other');
      expect(readNotes(`${text}${noise}`, times)).not.toBe('whole');
      expect(readNotes(`[h264] ${noise}\n${text}`, times)).toBe('other');
      expect(readNotes(text, [times[0] ?? 0, second * 2000 + 3000])).toBe('other');
      expect(readNotes(note(second * 2000 + 1), times)).toBe('other');
    }),
    fuzzRuns(1000),
  );
});
