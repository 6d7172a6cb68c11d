import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { firstLanguage } from '../../../../viewer/i18n/first-language.ts';
import { texts } from '../../../../viewer/i18n/texts.ts';
import { language, translate } from '../../../../viewer/i18n/translate.ts';
import type { Text } from '../../../../viewer/i18n/define-texts.ts';
import type { TextKey } from '../../../../viewer/i18n/texts.ts';

const viewer = join(import.meta.dirname, '../../../../viewer');

function sources(): string {
  return readdirSync(viewer, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/^(dist|node_modules)\b|texts\.ts$/.test(file))
    .map((file) => readFileSync(join(viewer, file), 'utf8'))
    .join('\n');
}

const placeholders = (phrase: string): string[] =>
  [...phrase.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort();

describe('the texts', () => {
  const entries = Object.entries<Text>(texts);

  test.each(entries)('%s is there in both languages with the same placeholders', (_key, { zh, en }) => {
    expect(zh.trim()).not.toBe('');
    for (const phrase of typeof en === 'string' ? [en] : [en.one, en.other]) {
      expect(phrase.trim()).not.toBe('');
      expect(placeholders(phrase)).toEqual(placeholders(zh));
    }
  });

  test('English holds no Chinese', () => {
    const mixed = entries.filter(([, { en }]) => /\p{Script=Han}/u.test(JSON.stringify(en)));
    expect(mixed).toEqual([]);
  });

  test('no key is defined twice in different features', () => {
    const defined = readdirSync(viewer, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('/texts.ts') && !/^(dist|i18n)/.test(file))
      .flatMap((file) =>
        [...readFileSync(join(viewer, file), 'utf8').matchAll(/^ {2}'([\w.-]+)':/gm)].map(([, key]) => key),
      );
    expect(new Set(defined).size).toBe(defined.length);
    expect([...defined].sort()).toEqual(Object.keys(texts).sort());
  });

  test('every key is used, and every key used exists', () => {
    const source = sources();
    const families = [...source.matchAll(/`([a-z]\w*(?:\.\w*)+)\$\{/gi)].map(([, prefix]) => prefix ?? '');
    const unused = Object.keys(texts).filter(
      (key) => !source.includes(`'${key}'`) && !families.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
    const used = [...source.matchAll(/translate\(\s*'([^']+)'/g)].map(([, key]) => key ?? '');
    expect(used.filter((key) => !Object.hasOwn(texts, key))).toEqual([]);
  });

  test('no component holds words of its own', () => {
    const chinese = sources()
      .split('\n')
      .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
      .map((line) => line.replace(/\/\*\*.*?\*\//g, ''))
      .filter((line) => /\p{Script=Han}/u.test(line) && !line.includes('中文'));
    expect(chinese).toEqual([]);
  });
});

describe('translate', () => {
  afterEach(() => {
    language.value = 'zh';
  });

  test('speaks the language chosen', () => {
    expect(translate('wall.title')).toBe('视频墙');
    language.value = 'en';
    expect(translate('wall.title')).toBe('Video wall');
  });

  test('counts in English with one and other', () => {
    language.value = 'en';
    expect(translate('wall.positions', { count: 1 })).toBe('1 camera');
    expect(translate('wall.positions', { count: 9 })).toBe('9 cameras');
    language.value = 'zh';
    expect(translate('wall.positions', { count: 9 })).toBe('9 个机位');
  });

  test('leaves markup in names as it is', () => {
    expect(translate('player.label', { name: '<b>&' })).toContain('<b>&');
  });

  test('fills every placeholder of every text', () => {
    for (const [key, { zh }] of Object.entries<Text>(texts)) {
      const values = Object.fromEntries(placeholders(zh).map((name) => [name, 7]));
      const fill = translate as (key: TextKey, values: object) => string;
      expect(fill(key as TextKey, values)).not.toMatch(/\{\{|^[a-z]+\.[\w-]+$/i);
    }
  });
});

describe('the first language', () => {
  test('is what the address asks for', () => expect(firstLanguage('?lang=en', 'zh', ['zh-CN'])).toBe('en'));
  test('else the last chosen', () => expect(firstLanguage('', 'en', ['zh-CN'])).toBe('en'));
  test('else the first of the browser’s that is known', () => {
    expect(firstLanguage('', null, ['fr', 'en-GB', 'zh-CN'])).toBe('en');
    expect(firstLanguage('', null, ['zh-TW', 'en'])).toBe('zh');
  });
  test('else Chinese', () => expect(firstLanguage('', null, ['fr'])).toBe('zh'));
});
