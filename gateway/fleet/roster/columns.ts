/** A column that an import reads. */
export type RosterColumn =
  | 'name'
  | 'project'
  | 'position'
  | 'onvif'
  | 'rtspMain'
  | 'rtspSub'
  | 'credentialSet'
  | 'username'
  | 'password'
  | 'schedule'
  | 'enabled';

interface ColumnNames {
  key: RosterColumn;
  /** Header that the gateway writes. */
  zh: string;
  /** Other headers that are understood, in any case and spacing. */
  also: readonly string[];
  width: number;
}

/** The columns of a roster in the order in which they are written. */
export const rosterColumns: readonly ColumnNames[] = [
  {
    key: 'name',
    zh: '名称',
    also: ['机位名称', '摄像机名称', '机位', 'name', 'camera', 'camera name'],
    width: 24,
  },
  { key: 'project', zh: '项目', also: ['项目名称', '所属项目', 'project', 'project name'], width: 28 },
  { key: 'position', zh: '位置', also: ['安装位置', 'position', 'location'], width: 20 },
  {
    key: 'onvif',
    zh: 'ONVIF 地址',
    also: ['ip', 'ip地址', '地址', 'onvif', 'onvif address', 'address', 'xaddr'],
    width: 40,
  },
  {
    key: 'rtspMain',
    zh: 'RTSP 主码流',
    also: ['rtsp', 'rtsp地址', '主码流', 'rtsp url', 'rtsp main', 'main stream'],
    width: 40,
  },
  { key: 'rtspSub', zh: 'RTSP 子码流', also: ['子码流', 'rtsp sub', 'sub stream'], width: 40 },
  {
    key: 'credentialSet',
    zh: '登录凭据',
    also: ['凭据', '凭据名称', 'credential set', 'credentials'],
    width: 18,
  },
  { key: 'username', zh: '用户名', also: ['用户', '账号', 'user', 'username', 'user name'], width: 14 },
  { key: 'password', zh: '密码', also: ['口令', 'password'], width: 14 },
  { key: 'schedule', zh: '快照计划', also: ['拍照计划', '快照', 'schedule', 'snapshot schedule'], width: 30 },
  { key: 'enabled', zh: '启用', also: ['是否启用', 'enabled'], width: 8 },
];

/** Columns that an export adds for the reader; an import passes over them. */
export const informationHeaders = ['编号', '厂商', '型号', '固件', '序列号', 'MAC'] as const;

const byHeader = new Map(
  rosterColumns.flatMap(({ key, zh, also }) => [zh, ...also].map((text) => [normal(text), key] as const)),
);

/** The column that a header names; undefined for one that an import does not read. */
export function columnOf(header: string): RosterColumn | undefined {
  return byHeader.get(normal(header));
}

/** The header that the gateway writes for a column. */
export function headerOf(column: RosterColumn): string {
  return rosterColumns.find(({ key }) => key === column)?.zh ?? column;
}

/** Full-width letters, case, spaces, marks and the star of must-have columns make no difference. */
function normal(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_*:.-]+/g, '');
}
