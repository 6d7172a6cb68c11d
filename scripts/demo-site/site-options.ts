import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isVariant, variantWords } from './camera-variant.ts';

/** What the command line asks of the demo site. */
export interface SiteOptions {
  cameras: number;
  /** 0: any free ports. */
  basePort: number;
  host: string;
  cache: string;
  username: string;
  password: string;
  controlPort: number;
  exitWithParent: boolean;
  /** Small, short clips: for tests. */
  fast: boolean;
  noDiscovery: boolean;
  timeZone: string | undefined;
  /** Pictures of another day, YYYY-MM-DD. */
  date: string | undefined;
  /** How each camera differs, by index; see camera-variant.ts. */
  variants: string[];
  /** Pictures of another hour of the day. */
  hour: number | undefined;
}

/** A command line that cannot be used; the message is for the person who wrote it. */
export class BadOption extends Error {
  override name = 'BadOption';
}

function numberIn(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least || value > most)
    throw new BadOption(`--${name} must be a number from ${least} to ${most}, not "${text}"`);
  return value;
}

const wholeIn = (name: string, text: string, least: number, most: number): number =>
  Math.floor(numberIn(name, text, least, most));

const text = (fallback: string): { type: 'string'; default: string } => ({
  type: 'string',
  default: fallback,
});
const flag = { type: 'boolean', default: false } as const;
const optional = { type: 'string' } as const;

function variantsIn(list: string): string[] {
  const variants = list.split(',').filter((word) => word !== '');
  const unknown = variants.find((variant) => !isVariant(variant));
  if (unknown !== undefined)
    throw new BadOption(`--variants knows ${variantWords.join(', ')}, joined by +; not "${unknown}"`);
  return variants;
}

/** Reads the command line; throws `BadOption`. */
export function parseSiteOptions(args: string[]): SiteOptions {
  const { values } = parseArgs({
    args,
    options: {
      cameras: text('4'),
      'base-port': text('28800'),
      host: text('127.0.0.1'),
      cache: text(join(tmpdir(), 'gantry-demo-site')),
      username: text('admin'),
      password: text('gantry-demo'),
      'control-port': text('0'),
      'time-zone': optional,
      date: optional,
      hour: optional,
      variants: text(''),
      'exit-with-parent': flag,
      'no-discovery': flag,
      fast: flag,
    },
  });
  const { date, hour } = values;
  if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date))
    throw new BadOption('--date must look like 2026-11-23');
  return {
    variants: variantsIn(values.variants),
    cameras: wholeIn('cameras', values.cameras, 1, 500),
    basePort: wholeIn('base-port', values['base-port'], 0, 64_000),
    host: values.host,
    cache: values.cache,
    username: values.username,
    password: values.password,
    controlPort: wholeIn('control-port', values['control-port'], 0, 65_535),
    exitWithParent: values['exit-with-parent'],
    fast: values.fast,
    noDiscovery: values['no-discovery'],
    timeZone: values['time-zone'],
    date,
    hour: hour === undefined ? undefined : numberIn('hour', hour, 0, 24),
  };
}
