import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { configDocuments } from '../config/config-documents.ts';
import { errorDocument } from './error-document.ts';
import { mqttSchemas } from './generate-mqtt-schemas.ts';

/** All generated files of the repository by path from its root. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, text] of configDocuments()) files.set(`config/${name}`, text);
  for (const [name, json] of mqttSchemas())
    files.set(`config/mqtt/${name}`, `${JSON.stringify(json, null, 2)}\n`);
  files.set('gateway/base/ERRORS.md', errorDocument());
  return files;
}

/** Paths whose content on disk differs from what would be generated, and leftovers in config/mqtt. */
export async function staleFiles(root: string): Promise<string[]> {
  const files = generatedFiles();
  const stale: string[] = [];
  for (const [path, text] of files) {
    const now = await readFile(join(root, path), 'utf8').catch(() => undefined);
    if (now !== text) stale.push(path);
  }
  const present = await readdir(join(root, 'config/mqtt')).catch(() => []);
  return [...stale, ...present.map((name) => `config/mqtt/${name}`).filter((path) => !files.has(path))];
}

async function writeAll(root: string): Promise<void> {
  for (const path of await staleFiles(root)) {
    const text = generatedFiles().get(path);
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    if (text === undefined) await rm(target);
    else await writeFile(target, text);
    console.log(`${text === undefined ? 'removed' : 'wrote'} ${path}`);
  }
}

if (import.meta.main) await writeAll(join(import.meta.dirname, '..'));
