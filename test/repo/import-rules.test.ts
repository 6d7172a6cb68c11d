import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
let copy: string;

/** A copy of the gateway with the real rules, in which faults are planted. */
beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'gantry-rules-'));
  for (const path of ['gateway', 'config', '.dependency-cruiser.cjs', 'package.json', 'tsconfig.json']) {
    await cp(join(root, path), join(copy, path), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterEach(async () => {
  await rm(copy, { recursive: true });
});

async function plant(path: string, text: string): Promise<void> {
  await mkdir(join(copy, path, '..'), { recursive: true });
  await writeFile(join(copy, path), text);
}

function broken(): Promise<string[]> {
  const program = join(root, 'node_modules/.bin/depcruise');
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'gateway', 'config'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: copy, maxBuffer: 64 << 20 }, (error, stdout) => {
      if (stdout === '') return reject(error ?? new Error('dependency-cruiser said nothing'));
      const report = JSON.parse(stdout) as {
        summary: { violations: { from: string; rule: { name: string } }[] };
      };
      resolve(report.summary.violations.map(({ from, rule }) => `${rule.name} ${from}`));
    });
  });
}

describe('the import rules', () => {
  it('hold for the gateway as it is', async () => {
    expect(await broken()).toEqual([]);
  });

  it('fail when a stage imports downstream, by value or by type', async () => {
    await plant(
      'gateway/fleet/planted.ts',
      "import { SAMPLE_HEADROOM } from '../ingest/media.ts';\nexport const planted = SAMPLE_HEADROOM;\n",
    );
    await plant(
      'gateway/base/planted.ts',
      "import type { Camera } from '../contract/camera.ts';\nexport type Planted = Camera;\n",
    );
    expect(await broken()).toEqual(
      expect.arrayContaining([
        'folder-order-fleet gateway/fleet/planted.ts',
        'folder-order-base gateway/base/planted.ts',
      ]),
    );
  });

  it('fail on a cycle', async () => {
    await plant('gateway/base/egg.ts', "import { hen } from './hen.ts';\nexport const egg = () => hen;\n");
    await plant('gateway/base/hen.ts', "import { egg } from './egg.ts';\nexport const hen = () => egg;\n");
    expect(await broken()).toContain('no-circular gateway/base/egg.ts');
  });

  it('fail when a package is used outside its stage, or the gateway knows the demo site', async () => {
    await plant(
      'gateway/web/planted.ts',
      "import ffmpeg from 'fluent-ffmpeg';\nimport { startDemo } from '../../scripts/demo-site/main.ts';\nexport const planted = [ffmpeg, startDemo];\n",
    );
    await plant('scripts/demo-site/main.ts', 'export const startDemo = 1;\n');
    expect(await broken()).toEqual(
      expect.arrayContaining([
        'one-module-for-each-replaceable-package gateway/web/planted.ts',
        'gateway-knows-no-viewer-script-or-test gateway/web/planted.ts',
      ]),
    );
  });
});
