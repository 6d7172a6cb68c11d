import { writeXlsx } from 'hucre/xlsx';
import type { CameraRecord } from '../camera-record.ts';
import type { CredentialSetRecord } from '../credential-sets.ts';
import type { ProjectRecord } from '../project-record.ts';
import { informationHeaders, rosterColumns } from './columns.ts';
import type { RosterColumn } from './columns.ts';
import { mostRosterRows } from './read-table.ts';
import { safeCell } from './safe-cell.ts';
import { formatScheduleText, schedulePresets } from './schedule-text.ts';

const SHEET = '摄像机';
const LISTS = '选项';
const HELP = '说明';
const INFORMATION_WIDTH = 20;
const BLANK_ROWS = 500;

const help = [
  ['每行一台摄像机，写在「摄像机」工作表里；列的顺序可以改，英文表头也能识别。'],
  [
    '「ONVIF 地址」写 IP（192.168.10.64）、IP:端口或完整地址；没有 ONVIF 的摄像机改填 RTSP 地址。两者只填其一。',
  ],
  ['登录：选「登录凭据」，或者填用户名和密码。导出的文件里没有密码。'],
  ['快照计划：从下拉列表选择，或写成「每 30 分钟，06:30 至 18:30」、「每 1 小时，全天，周 12345」。'],
  [
    'One camera a row on the sheet 摄像机; columns may stand in any order, English headers are understood too.',
  ],
  [
    'Give an ONVIF address (IP, IP:port or the whole address), or RTSP addresses. Sign in by a credential set or by user name and password.',
  ],
];

/** What the drop-downs offer; archived projects name cameras, but are not offered. */
interface Choices {
  projects: readonly ProjectRecord[];
  credentialSets: readonly CredentialSetRecord[];
}

/** An empty workbook to fill in, with drop-downs of projects, credential sets, schedules and yes or no. */
export function writeTemplate(choices: Choices): Promise<Uint8Array> {
  return workbook([], choices, []);
}

/** The cameras as a workbook that an import reads again; passwords are not in it. */
export function writeRoster(cameras: readonly CameraRecord[], choices: Choices): Promise<Uint8Array> {
  const nameOf = new Map(choices.projects.map(({ id, name }) => [id, name]));
  const rows = cameras.map((camera) => [
    ...rosterColumns.map(({ key }) => safeCell(cellOf(camera, key, nameOf))),
    ...informationOf(camera).map((text) => safeCell(text ?? '')),
  ]);
  return workbook(rows, choices, informationHeaders);
}

function cellOf(camera: CameraRecord, column: RosterColumn, projectNames: Map<string, string>): string {
  const { onvif, rtsp } = camera;
  const byHand = onvif === null;
  const cells: Record<RosterColumn, string | null> = {
    name: camera.name,
    project: projectNames.get(camera.projectId) ?? camera.projectId,
    position: camera.position,
    onvif: byHand ? null : onvif.xaddr,
    rtspMain: byHand ? rtsp.main : null,
    rtspSub: byHand ? rtsp.sub : null,
    credentialSet: null,
    username: byHand ? rtsp.username : onvif.username,
    password: null,
    schedule: formatScheduleText(camera.schedule),
    enabled: camera.enabled ? '是' : '否',
  };
  return cells[column] ?? '';
}

function informationOf(camera: CameraRecord): (string | null)[] {
  const { id, vendor, model, firmware, serial, mac } = camera;
  return [id, vendor, model, firmware, serial, mac];
}

function workbook(
  rows: readonly string[][],
  { projects, credentialSets }: Choices,
  information: readonly string[],
): Promise<Uint8Array> {
  const lists = {
    project: projects.filter(({ archivedAtMs }) => archivedAtMs === null).map(({ name }) => safeCell(name)),
    credentialSet: credentialSets.map(({ name }) => safeCell(name)),
    schedule: [...schedulePresets],
    enabled: ['是', '否'],
  };
  const headers = [...rosterColumns.map(({ zh }) => zh), ...information];
  const widths = [...rosterColumns.map(({ width }) => width), ...information.map(() => INFORMATION_WIDTH)];
  return writeXlsx({
    sheets: [
      {
        name: SHEET,
        columns: widths.map((width) => ({ width, style: { numFmt: '@' } })),
        rows: [headers, ...rows.map((row) => [...row]), ...blankRows(headers.length)],
        cells: new Map(headers.map((_, index) => [`0,${index}`, { style: { font: { bold: true } } }])),
        freezePane: { rows: 1 },
        dataValidations: Object.entries(lists).flatMap(([column, choices], index) =>
          choices.length === 0 ? [] : [dropDown(column, index, choices.length)],
        ),
      },
      { name: LISTS, rows: turned(Object.values(lists)), hidden: true },
      { name: HELP, columns: [{ width: 110 }], rows: help },
    ],
  }).then((bytes) => new Uint8Array(bytes));
}

/** Empty cells that are text already: else a spreadsheet drops the leading zeros of what is typed into them. */
function blankRows(columns: number): null[][] {
  return Array.from({ length: BLANK_ROWS }, () => Array.from({ length: columns }, () => null));
}

/** A list by reference: lists of literal values end at 255 letters. Other text is possible, with a warning. */
function dropDown(column: string, listIndex: number, length: number) {
  const letter = String.fromCharCode(65 + rosterColumns.findIndex(({ key }) => key === column));
  const list = String.fromCharCode(65 + listIndex);
  return {
    type: 'list' as const,
    formula1: `'${LISTS}'!$${list}$1:$${list}$${length}`,
    range: `${letter}2:${letter}${mostRosterRows + 1}`,
    allowBlank: true,
    showErrorMessage: true,
    errorStyle: 'warning' as const,
    errorTitle: '不在列表里',
    errorMessage: '请从下拉列表选择，或者按「说明」的写法填写。',
  };
}

/** Columns as rows. */
function turned(columns: readonly (readonly string[])[]): string[][] {
  const length = Math.max(...columns.map((column) => column.length));
  return Array.from({ length }, (_, row) => columns.map((column) => column[row] ?? ''));
}
