import { assert, constantFrom, integer, nat, property, string } from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { expect, it } from 'vitest';
import { isGatewayError } from '../../gateway/base/gateway-error.ts';
import { readCursor, writeCursor } from '../../gateway/snapshots/page-cursor.ts';
import { watermarkSvg } from '../../gateway/snapshots/watermark-svg.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

it('a page cursor is read back as written, and any other text is a bad request', () => {
  assert(
    property(integer({ min: -8_640_000_000_000, max: 8_640_000_000_000 }), nat(), (takenAtMs, seq) => {
      const place = { kind: 'place' as const, place: { takenAtMs, seq } };
      expect(readCursor(writeCursor(place), 'place')).toEqual(place);
      const edge = { kind: 'edge' as const, edgeMs: takenAtMs };
      expect(readCursor(writeCursor(edge), 'edge')).toEqual(edge);
    }),
  );
  assert(
    property(string({ maxLength: 200 }), constantFrom('place' as const, 'edge' as const), (text, kind) => {
      try {
        expect(readCursor(text, kind).kind).toBe(kind);
      } catch (error) {
        expect(isGatewayError(error, 'bad-request')).toBe(true);
      }
    }),
  );
});

it('a watermark is well-formed XML whatever the names hold', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 300 }), integer({ min: 1, max: 8000 }), (line, size) => {
      const svg = watermarkSvg([line, line], size, size);
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(svg.length).toBeLessThan(4000);
    }),
    fuzzRuns(500),
  );
});
