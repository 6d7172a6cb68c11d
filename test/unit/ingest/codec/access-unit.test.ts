import { describe, expect, test } from 'vitest';
import { AccessUnit } from '../../../../gateway/ingest/codec/access-unit.ts';
import { SAMPLE_HEADROOM } from '../../../../gateway/ingest/media.ts';

function filled(bytes: number, value: number): Buffer {
  return Buffer.alloc(bytes, value);
}

function addWhole(unit: AccessUnit, type: number, nal: Buffer): void {
  unit.addNal(type, nal, 0, nal.length);
}

function withLength(nal: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(nal.length);
  return Buffer.concat([length, nal]);
}

describe('an access unit', () => {
  test('leaves out what is not kept, wherever it stands', () => {
    const unit = new AccessUnit();
    for (const type of [9, 1, 6, 1, 12]) addWhole(unit, type, filled(type + 3, type));
    const data = unit.build((type) => type === 1);
    expect(data).toEqual(Buffer.concat([withLength(filled(4, 1)), withLength(filled(4, 1))]));
    expect(unit.empty).toBe(true);
  });

  test('survives that the network buffer is used again', () => {
    const unit = new AccessUnit();
    const network = filled(100, 7);
    addWhole(unit, 1, network);
    network.fill(0xee);
    expect(unit.build(() => true)).toEqual(withLength(filled(100, 7)));
  });

  test('of any size comes out whole, those before it stay as they were, and each has headroom of its own', () => {
    const unit = new AccessUnit();
    const sizes = [10, 100_000, 200_000, 1_000_000, 3, 700, 130_000, 130_000, 5_000_000, 20_000];
    const built = sizes.map((size, index) => {
      for (let at = 0; at < size; at += 1000) {
        const piece = filled(Math.min(1000, size - at), index);
        if (at === 0) unit.beginFragments(5, 2, 0x0102);
        unit.appendFragment(piece, 0, piece.length);
      }
      unit.endFragments();
      const data = unit.build(() => true);
      unit.memory.retain();
      return data;
    });
    for (const data of built) {
      expect(data.byteOffset).toBeGreaterThanOrEqual(SAMPLE_HEADROOM);
      Buffer.from(data.buffer, data.byteOffset - SAMPLE_HEADROOM, SAMPLE_HEADROOM).fill(0xee);
    }
    for (const [index, size] of sizes.entries()) {
      const wanted = withLength(Buffer.concat([Buffer.of(1, 2), filled(size, index)]));
      expect(built[index]?.equals(wanted), `sample ${index}`).toBe(true);
    }
  });

  test('of every size that may end near the end of a slab is followed by the next', () => {
    const slabBytes = 256 * 1024;
    for (let left = 0; left < SAMPLE_HEADROOM + 16; left += 1) {
      const unit = new AccessUnit();
      addWhole(unit, 1, filled(10, 1));
      unit.build(() => true);
      const first = slabBytes - 2 * SAMPLE_HEADROOM - 14 - 4 - left;
      addWhole(unit, 1, filled(first, 2));
      unit.build(() => true);
      addWhole(unit, 1, filled(100, 3));
      expect(unit.build(() => true).equals(withLength(filled(100, 3))), `${left} bytes left`).toBe(true);
    }
  });

  test('that was given up leaves nothing in the next', () => {
    const unit = new AccessUnit();
    addWhole(unit, 1, filled(50_000, 1));
    unit.reset();
    addWhole(unit, 1, filled(5, 2));
    expect(unit.build(() => true)).toEqual(withLength(filled(5, 2)));
    expect(unit.build(() => true)).toHaveLength(0);
  });
});
