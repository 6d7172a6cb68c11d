import { stringify } from 'yaml';
import { configJsonSchema, configKeys } from './config-keys.ts';
import type { ConfigKey } from './config-keys.ts';

const HEAD = 'Generated from config/schema.ts by `npm run generate`; do not edit.';

/** The generated files of config/, by file name. */
export function configDocuments(): Map<string, string> {
  return new Map([
    ['gantry.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
    ['gantry.example.yaml', exampleYaml(configKeys())],
    ['REFERENCE.md', reference(configKeys())],
  ]);
}

function reference(keys: readonly ConfigKey[]): string {
  const rows = keys.map(
    (key) => `| \`${key.path}\` | ${key.type} | ${defaultText(key)} | \`${key.env}\` | ${key.description} |`,
  );
  return [
    '# Configuration reference',
    '',
    HEAD,
    '',
    'One YAML file (`config/gantry.yaml`, or `--config FILE`), every key optional, unknown keys refused. An environment',
    'variable goes before the file, an option of the command line before both. A secret is text or `{ file: path }`.',
    '',
    '| Key | Type | Default | Environment | Meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function defaultText(key: ConfigKey): string {
  return key.default === undefined ? 'none' : `\`${JSON.stringify(key.default)}\``;
}

function exampleYaml(keys: readonly ConfigKey[]): string {
  const lines = [`# ${HEAD}`, '# Every key with its default; take out the # where you want another value.'];
  let group: string[] = [];
  const wholes = new Set(keys.map((key) => key.path));
  for (const key of keys) {
    if (wholes.has(key.path.slice(0, key.path.lastIndexOf('.')))) continue;
    const path = key.path.split('.');
    const shared = path.findIndex((part, index) => part !== group[index]);
    path.slice(0, -1).forEach((part, depth) => {
      if (depth >= shared || group.length <= depth) lines.push(`# ${'  '.repeat(depth)}${part}:`);
    });
    group = path.slice(0, -1);
    const indent = '  '.repeat(path.length - 1);
    lines.push(`# ${indent}# ${key.description}`);
    const value =
      key.default === undefined
        ? ''
        : ` ${stringify(key.default, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`;
    lines.push(`# ${indent}${path.at(-1)}:${value}`);
  }
  return `${lines.join('\n')}\n`;
}
