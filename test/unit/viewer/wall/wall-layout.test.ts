import { expect, test } from 'vitest';
import { groupCount, layoutFor, mergeOrder, swapped } from '../../../../viewer/wall/wall-layout.ts';

test('the first layout is the smallest that shows all cameras', () => {
  expect([0, 1, 2, 4, 5, 9, 10, 400].map(layoutFor)).toEqual([1, 1, 4, 4, 9, 9, 16, 16]);
});

test('the remembered order survives cameras that come and go', () => {
  expect(mergeOrder(['c', 'gone', 'a', 'c'], ['a', 'b', 'c'])).toEqual(['c', 'a', 'b']);
});

test('two cameras change places, and nothing happens outside', () => {
  expect(swapped(['a', 'b', 'c'], 0, 2)).toEqual(['c', 'b', 'a']);
  expect(swapped(['a', 'b'], 0, 5)).toEqual(['a', 'b']);
  expect(swapped(['a', 'b'], -1, 0)).toEqual(['a', 'b']);
});

test('cameras past the tiles make further groups', () => {
  expect(groupCount([], 4)).toBe(1);
  expect(groupCount(['a', 'b', 'c', 'd'], 4)).toBe(1);
  expect(groupCount(['a', 'b', 'c', 'd', 'e'], 4)).toBe(2);
});
