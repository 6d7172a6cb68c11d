import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { z } from 'zod';
import { GatewayError, messageOf } from '../gateway/base/gateway-error.ts';
import { configKeys } from './config-keys.ts';
import { configSchema } from './schema.ts';
import type { Config, Secret } from './schema.ts';

/** Values by key path, as in `{ 'http.port': 8081 }`. */
export type Overrides = Record<string, unknown>;

/** Where the configuration comes from; later ones go before earlier ones: file, environment, overrides. */
export interface ConfigSources {
  /** Explicit file: must exist. */
  file?: string;
  /** Read when there is no explicit file; may be missing. */
  defaultFile?: string;
  env: Readonly<Record<string, string | undefined>>;
  overrides?: Overrides;
  /** Taken where none of the others names the key; before the schema's own defaults. */
  fallbacks?: Overrides;
}

/** Reads and checks the configuration; throws `config-invalid` naming every bad key by its path. */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const tree = await readTree(sources);
  for (const key of configKeys()) {
    const text = sources.env[key.env];
    if (text !== undefined) setAt(tree, key.path, parseEnv(text, key.type));
  }
  for (const [path, value] of Object.entries(sources.overrides ?? {})) {
    if (value !== undefined) setAt(tree, path, value);
  }
  for (const [path, value] of Object.entries(sources.fallbacks ?? {})) {
    if (getAt(tree, path) === undefined) setAt(tree, path, value);
  }
  const result = configSchema.safeParse(tree);
  if (result.success) return result.data;
  throw new GatewayError('config-invalid', `configuration: ${result.error.issues.map(describe).join('; ')}`);
}

/** The text of a secret, read from its file when it is given as `{ file: path }`. Throws `config-invalid`. */
export async function readSecret(secret: Secret): Promise<string> {
  if (typeof secret === 'string') return secret;
  try {
    return (await readFile(secret.file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new GatewayError(
      'config-invalid',
      `the secret file ${secret.file} cannot be read: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

async function readTree({ file, defaultFile }: ConfigSources): Promise<Overrides> {
  const path = file ?? defaultFile;
  if (path === undefined) return {};
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (file === undefined) return {};
    throw new GatewayError(
      'config-invalid',
      `the configuration file ${file} cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
  return parseTree(path, text);
}

function parseTree(path: string, text: string): Overrides {
  let tree: unknown;
  try {
    tree = parse(text, { maxAliasCount: 0 }) ?? {};
  } catch (error) {
    throw new GatewayError('config-invalid', `${path} is not valid YAML: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (typeof tree === 'object' && tree !== null && !Array.isArray(tree))
    return withoutNulls(tree as Overrides);
  throw new GatewayError('config-invalid', `${path} must hold keys and values, as in "http: { port: 8080 }"`);
}

/** A key left empty in the file counts as not given. */
function withoutNulls(tree: Overrides): Overrides {
  const kept = Object.entries(tree).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([key, value]) => [key, isTree(value) ? withoutNulls(value) : value]));
}

function isTree(value: unknown): value is Overrides {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text stays text; numbers, booleans, lists and objects are read as YAML; a list may also be separated by commas. */
function parseEnv(text: string, type: string): unknown {
  if (type === 'string') return text;
  const value = readYaml(text);
  if (type.startsWith('list')) {
    if (Array.isArray(value)) return value;
    return text === '' ? [] : text.split(',').map((item) => readYaml(item.trim()));
  }
  const isText = typeof value !== 'object' && type.includes('string') && !/number|integer|boolean/.test(type);
  return isText ? text : value;
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 }) as unknown;
  } catch {
    return text;
  }
}

function setAt(tree: Overrides, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  let node = tree;
  for (const part of parts) {
    const child = node[part];
    const next = isTree(child) ? child : {};
    node[part] = next;
    node = next;
  }
  node[last] = value;
}

function getAt(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, part) => (isTree(node) ? node[part] : undefined), tree);
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => (path === '' ? key : `${path}.${key}`)).join(', ');
    return `unknown key ${keys}: see config/REFERENCE.md for the keys there are`;
  }
  return `${path === '' ? 'the file' : path}: ${issue.message}`;
}
