import { describe, expect, test } from 'vitest';
import { nameFaults, nameFrom } from '../../../../viewer/register/name-pattern.ts';

const facts = {
  project: '东院区',
  vendor: 'Dahua',
  model: 'IPC-HFW5842',
  name: '北区裙楼',
  address: '192.168.10.64',
  serial: '4A0',
};

describe('a pattern of names', () => {
  test('counts, with leading zeros where asked', () => {
    expect([1, 2, 30].map((number) => nameFrom('{project}-{n:02}', number, facts))).toEqual([
      '东院区-01',
      '东院区-02',
      '东院区-30',
    ]);
    expect(nameFrom('机位 {n}', 7, facts)).toBe('机位 7');
    expect(nameFrom('{n:3}', 7, facts)).toBe('007');
  });
  test('takes what the device tells', () => {
    expect(nameFrom('{name}（{vendor} {model}）', 1, facts)).toBe('北区裙楼（Dahua IPC-HFW5842）');
  });
  test('loses what is not known together with its dash', () => {
    expect(nameFrom('{project}-{n:02}', 1, { ...facts, project: '' })).toBe('01');
    expect(nameFrom('{project}-{model}-{n}', 1, { ...facts, model: '' })).toBe('东院区-1');
  });
  test('leaves alone what is no part', () => {
    expect(nameFrom('塔{吊}{constructor}', 1, facts)).toBe('塔{吊}{constructor}');
  });
});

test('names that are empty or double are told', () => {
  expect(nameFaults(['1 号门', ' ', '2 号门', '1 号门 '])).toEqual(['double', 'empty', null, 'double']);
});
