import { describe, expect, test } from 'vitest';
import { standingAlarms, withHealth } from '../../../../viewer/fleet/alarm.ts';
import { fleetTree, worstLight } from '../../../../viewer/fleet/fleet-tree.ts';
import { isOnline, lampShape } from '../../../../viewer/fleet/light-shape.ts';
import { reasonText, troubledSince } from '../../../../viewer/fleet/reason-text.ts';
import { homeGroups } from '../../../../viewer/home/home-groups.ts';
import { someCamera, someHealth, someProject } from './some-fleet.ts';

const hospital = someProject('p1', { name: '市人民医院', district: '滨江区' });
const bridge = someProject('p2', { name: '赣江三桥', district: '龙洲新区' });
const gate = someCamera('c1', 'p1', { name: '1 号门' });
const crane = someCamera('c2', 'p1', { name: '塔吊', light: 'red', reasons: [reason('unreachable')] });
const pier = someCamera('c3', 'p2', { name: '桥墩', light: 'yellow', reasons: [reason('low-fps')] });
const cameras = [gate, crane, pier];

function reason(code: 'unreachable' | 'low-fps') {
  return { code, since: '2026-11-23T06:00:00.000Z', message: '' };
}

describe('the tree', () => {
  const tree = (query: string, troubledOnly = false) =>
    fleetTree([hospital, bridge], cameras, { query, troubledOnly });
  const names = (query: string, troubledOnly?: boolean) =>
    tree(query, troubledOnly).flatMap(({ projects }) =>
      projects.flatMap((p) => p.cameras.map(({ name }) => name)),
    );

  test('goes by district and project and counts who is online', () => {
    expect(tree('').map(({ district, online, total }) => [district, online, total])).toEqual([
      ['滨江区', 1, 2],
      ['龙洲新区', 1, 1],
    ]);
  });
  test('finds cameras by name, project and district, all words together', () => {
    expect(names('塔吊')).toEqual(['塔吊']);
    expect(names('医院')).toEqual(['1 号门', '塔吊']);
    expect(names('滨江区 号门')).toEqual(['1 号门']);
    expect(tree('nowhere')).toEqual([]);
  });
  test('keeps only cameras in trouble when asked', () => expect(names('', true)).toEqual(['塔吊', '桥墩']));
  test('leaves archived projects out', () => {
    const gone = someProject('p1', { archivedAt: '2026-01-01T00:00:00.000Z' });
    expect(fleetTree([gone], cameras, { query: '', troubledOnly: false })).toEqual([]);
  });
  test('shows a project without cameras while nothing is searched', () => {
    expect(fleetTree([hospital], [], { query: '', troubledOnly: false })[0]?.total).toBe(0);
  });
});

test('lights have shapes, and only green and yellow deliver pictures', () => {
  expect((['green', 'yellow', 'red', 'grey'] as const).map(lampShape)).toEqual(['ok', 'warn', 'bad', 'off']);
  expect((['green', 'yellow', 'red', 'grey'] as const).map(isOnline)).toEqual([true, true, false, false]);
  expect(worstLight(cameras)).toBe('red');
  expect(worstLight([])).toBe('grey');
});

test('a camera says why in plain words, and since when', () => {
  expect(reasonText(crane)).toBe('连不上，可能断电或断网');
  expect(troubledSince(crane)).toBe(Date.parse('2026-11-23T06:00:00.000Z'));
  expect(reasonText(gate)).toBeNull();
  expect(troubledSince(gate)).toBeNull();
});

describe('alarms', () => {
  test('begin with the cameras that are in trouble now', () => {
    expect(standingAlarms(cameras).map(({ cameraId, code }) => [cameraId, code])).toEqual([
      ['c2', 'unreachable'],
      ['c3', 'low-fps'],
    ]);
  });
  test('grow when a light changes for the worse or back', () => {
    const worse = withHealth(
      [],
      'green',
      someHealth('c1', { light: 'red', reasons: [reason('unreachable')] }),
    );
    expect(worse).toMatchObject([{ cameraId: 'c1', light: 'red', code: 'unreachable' }]);
    expect(withHealth(worse, 'red', someHealth('c1', { light: 'green' }))).toHaveLength(2);
  });
  test('do not grow when nothing changed, nor between fine and unused', () => {
    expect(withHealth([], 'red', someHealth('c1', { light: 'red' }))).toEqual([]);
    expect(withHealth([], 'grey', someHealth('c1', { light: 'green' }))).toEqual([]);
  });
  test('are kept within bounds', () => {
    let alarms = standingAlarms([]);
    for (let turn = 0; turn < 200; turn += 1) {
      alarms = withHealth(
        alarms,
        turn % 2 ? 'red' : 'green',
        someHealth('c1', { light: turn % 2 ? 'green' : 'red' }),
      );
    }
    expect(alarms).toHaveLength(50);
  });
});

test('the phone’s list shows the worst first and can be narrowed', () => {
  const groups = homeGroups([hospital, bridge], cameras, '', null);
  expect(groups.map(({ name, rows }) => [name, rows.map(({ camera }) => camera.id)])).toEqual([
    ['attention', ['c2', 'c3']],
    ['fine', ['c1']],
  ]);
  expect(homeGroups([hospital, bridge], cameras, '医院', 'green')).toHaveLength(1);
});
