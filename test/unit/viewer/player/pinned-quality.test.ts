import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { User } from '../../../../gateway/contract/user.ts';

const kept = new Map<string, string>();

beforeAll(() => {
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
});

afterAll(() => vi.unstubAllGlobals());

test('what one person pins is another’s no more than their own on the next device', async () => {
  const { session } = await import('../../../../viewer/api/session.ts');
  const { pinnedQuality, pinQuality } = await import('../../../../viewer/player/pinned-quality.ts');
  const come = (id: string): void => {
    const user: User = { id, username: id, displayName: id, role: 'staff', projectIds: [] };
    session.value = { state: 'signed-in', user };
  };
  come('li');
  expect(pinnedQuality.value).toBe('auto');
  pinQuality('hd');
  expect(pinnedQuality.value).toBe('hd');
  come('zhou');
  expect(pinnedQuality.value).toBe('auto');
  pinQuality('smooth');
  come('li');
  expect(pinnedQuality.value).toBe('hd');
  kept.set('gantry.camera.quality.li', 'nonsense');
  come('zhou');
  expect(pinnedQuality.value).toBe('smooth');
  come('li');
  expect(pinnedQuality.value).toBe('auto');
});
