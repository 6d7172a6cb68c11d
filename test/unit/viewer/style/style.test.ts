import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { iconNames } from '../../../../viewer/icons/icon-names.ts';

const viewer = join(import.meta.dirname, '../../../../viewer');
const files = readdirSync(viewer, { recursive: true, encoding: 'utf8' }).filter(
  (file) => !/^(dist|node_modules)\b/.test(file),
);
const read = (file: string): string => readFileSync(join(viewer, file), 'utf8');

test('colours stand in the token files alone', () => {
  const literal = /#[0-9a-f]{3,8}\b(?![-\w])|\brgba?\(|\bhsla?\(|:\s*(white|black|red|green|blue)\b/i;
  const found = files
    .filter((file) => /\.(css|tsx)$/.test(file) && !/style\/tokens/.test(file))
    .flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => literal.test(line) && !/href=/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(found).toEqual([]);
});

test('every colour and size that is used is defined', () => {
  const css = files
    .filter((file) => file.endsWith('.css'))
    .map(read)
    .join('\n');
  const defined = new Set([...css.matchAll(/(--[\w-]+)\s*:/g)].map(([, name]) => name));
  const used = new Set([...css.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
  expect([...used].filter((name) => !defined.has(name))).toEqual([]);
});

test('the sprite has every icon and no other', () => {
  const sprite = [...read('icons/icons.svg').matchAll(/id="i-([\w-]+)"/g)].map(([, name]) => name);
  expect(sprite.sort()).toEqual([...iconNames].sort());
});

test('every icon is used', () => {
  const source = files
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('icon-names.ts'))
    .map(read)
    .join('\n');
  expect(iconNames.filter((name) => !source.includes(`'${name}'`) && !source.includes(`"${name}"`))).toEqual(
    [],
  );
});

test('the page has nothing inline that the server’s policy forbids', () => {
  const html = read('index.html');
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
});
