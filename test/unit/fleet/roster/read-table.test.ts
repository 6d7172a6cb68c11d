import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../gateway/fleet/roster/decode-text.ts';
import { readTable } from '../../../../gateway/fleet/roster/read-table.ts';
import { checkZipBudget } from '../../../../gateway/fleet/roster/zip-budget.ts';

const fixture = (name: string): Promise<Buffer> =>
  readFile(join(import.meta.dirname, '../../../fixtures/roster', name));

/** An archive of one entry that claims to have `claimedBytes`. */
function zipOf(content: Buffer, claimedBytes = content.length): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(claimedBytes, 24);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + packed.length, 16);
  return Buffer.concat([local, packed, central, end]);
}

describe('reading a spreadsheet', () => {
  it('takes a workbook of another program, numbers and unevaluated formulas as text', async () => {
    const table = await readTable(await fixture('openpyxl_titled.xlsx'));
    expect(table[0]?.[0]).toBe('东院区摄像机名单');
    expect(table[2]?.slice(0, 5)).toEqual(['密码', '用户名', 'IP', '所属项目', '机位名称']);
    expect(table[3]?.slice(0, 3)).toEqual(['12345', 'admin', '192.168.10.64']);
    expect(table[3]?.[6]).toBe('');
  });

  it.each(['excel_utf8_bom.csv', 'excel_gb18030.csv'])(
    'takes %s with semicolons, quotes and line breaks in cells',
    async (name) => {
      const table = await readTable(await fixture(name));
      expect(table[0]).toEqual(['名称', '项目', 'RTSP 主码流', '用户名', '密码']);
      expect(table[1]?.map((cell) => cell.replace('\r', ''))).toEqual([
        '1 号门\n（东）',
        '市人民医院东院区',
        'rtsp://192.168.10.70/1',
        'admin',
        'a;b"c',
      ]);
    },
  );

  it.each([
    ['tabs in UTF-16', Buffer.from('\uFEFFname\tproject\r\na\tb', 'utf16le')],
    ['commas in bare UTF-8', Buffer.from('name,project\na,b\n')],
    ['a line that names the separator', Buffer.from('sep=;\nname;project\na;b\n')],
  ])('takes %s', async (_what, file) => {
    const table = await readTable(file);
    expect(table.filter((row) => row.length > 0)).toEqual([
      ['name', 'project'],
      ['a', 'b'],
    ]);
  });

  it('says in plain words what it cannot read', async () => {
    await expect(readTable(Buffer.alloc(0))).rejects.toThrow(/empty/);
    await expect(readTable(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).rejects.toThrow(/\.xls/);
    await expect(readTable(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).rejects.toThrow(/damaged/);
    await expect(readTable(zipOf(Buffer.from('no workbook')))).rejects.toThrow(/cannot be read/);
    await expect(readTable(Buffer.from([0x41, 0, 0xff, 0xfe]))).rejects.toThrow(/neither/);
    await expect(readTable(Buffer.from('x\n'.repeat(6000)))).rejects.toThrow(/5000 rows/);
    expect(() => decodeText(Buffer.from([0x81, 0x20, 0xff]))).toThrow(/neither/);
  });

  it('is not made to reserve a whole sheet by one far cell', async () => {
    const table = await readTable(await fixture('openpyxl_far_corner.xlsx'));
    expect(table[0]?.[0]).toBe('名称');
    expect(table.length).toBeLessThan(6000);
    expect(Math.max(...table.map((row) => row.length))).toBeLessThanOrEqual(64);
  });
});

describe('the budget of an archive', () => {
  it('lets through what fits, and refuses bombs whatever sizes they claim', () => {
    const zeros = Buffer.alloc(2_000_000);
    expect(() => checkZipBudget(zipOf(zeros), 2_000_001)).not.toThrow();
    expect(() => checkZipBudget(zipOf(zeros), 1_000_000)).toThrow(/unpacks to more/);
    expect(() => checkZipBudget(zipOf(zeros, 10), 1_000_000)).toThrow(/unpacks to more/);
    expect(() => checkZipBudget(zipOf(zeros).subarray(0, 500))).toThrow(/damaged/);
  });

  it('refuses 40 MB packed into 40 KB within a moment', async () => {
    const bomb = zipOf(Buffer.alloc(40_000_000), 1000);
    expect(bomb.length).toBeLessThan(60_000);
    const startedMs = performance.now();
    await expect(readTable(bomb)).rejects.toMatchObject({ code: 'bad-request' });
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });
});
