import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeLock } from '../../../scripts/complete-lock.ts';

describe('completeLock', () => {
  it('adds the builds of other platforms that the registry at hand lacked, for those platforms alone', () => {
    const lock = {
      packages: {
        'node_modules/tool': {
          version: '2.0.0',
          dev: true,
          optionalDependencies: {
            '@tool/linux-x64': '2.0.0',
            '@tool/darwin-arm64': '2.0.0',
            '@tool/linux-arm-gnueabihf': '2.0.0',
            extra: '^1.0.0',
          },
        },
        'node_modules/@tool/linux-x64': { version: '2.0.0' },
      },
    };
    expect(completeLock(lock)).toEqual(['@tool/darwin-arm64', '@tool/linux-arm-gnueabihf']);
    expect(lock.packages).toMatchObject({
      'node_modules/@tool/darwin-arm64': {
        version: '2.0.0',
        os: ['darwin'],
        cpu: ['arm64'],
        dev: true,
        optional: true,
      },
      'node_modules/@tool/linux-arm-gnueabihf': { os: ['linux'], cpu: ['arm'] },
    });
    expect(completeLock(lock)).toEqual([]);
  });

  it('has nothing to add to the lock file of this repository', async () => {
    const file = join(import.meta.dirname, '../../../package-lock.json');
    const lock = JSON.parse(await readFile(file, 'utf8')) as Parameters<typeof completeLock>[0];
    expect(completeLock(lock)).toEqual([]);
  });
});
