import { defineTexts } from '../i18n/define-texts.ts';

/** Cameras from a spreadsheet, and the roster as one. */
export const importTexts = defineTexts({
  'import.title': { zh: '从 Excel / CSV 导入', en: 'Import Excel or CSV' },
  'import.lead': {
    zh: '下载模板，填好后放进来。先核对，有错会指出是哪一格；核对时不会写入任何内容。',
    en: 'Download the template, fill it in and drop it here. It is checked first, cell by cell; nothing is written meanwhile.',
  },
  'import.back': { zh: '回到设备接入', en: 'Back to registration' },
  'import.template': { zh: '下载模板', en: 'Download the template' },
  'import.roster': { zh: '导出现有名册', en: 'Export the roster' },
  'import.drop': { zh: '把 .xlsx 或 .csv 文件拖到这里', en: 'Drop an .xlsx or .csv file here' },
  'import.choose': { zh: '选择文件', en: 'Choose a file' },
  'import.file': { zh: 'Excel 或 CSV 文件', en: 'Excel or CSV file' },
  'import.limits': {
    zh: 'UTF-8 和 GB18030 都认，一次可导入几百台。',
    en: 'UTF-8 and GB18030 both work; hundreds of cameras at a time.',
  },
  'import.reading': { zh: '正在核对“{{name}}”', en: 'Checking “{{name}}”' },
  'import.writing': { zh: '正在导入，{{done}} / {{total}} 台', en: 'Importing, {{done}} of {{total}}' },
  'import.clean': { zh: '{{total}} 行都能导入', en: 'All {{total}} rows can be imported' },
  'import.dirty': {
    zh: '{{total}} 行中有 {{failed}} 行要改',
    en: '{{failed}} of {{total}} rows need mending',
  },
  'import.empty': { zh: '文件里没有数据行', en: 'The file has no rows' },
  'import.dirtyWhy': {
    zh: '改好文件再放进来；也可以只导入没问题的 {{good}} 行。',
    en: 'Mend the file and drop it again, or import only the {{good}} good rows.',
  },
  'import.mend': { zh: '改好文件再放进来。', en: 'Mend the file and drop it again.' },
  'import.go': {
    zh: '导入 {{count}} 台',
    en: { one: 'Import {{count}} camera', other: 'Import {{count}} cameras' },
  },
  'import.goGood': { zh: '只导入没问题的 {{count}} 台', en: 'Import only the {{count}} good ones' },
  'import.other': { zh: '换一个文件', en: 'Another file' },
  'import.cell': { zh: '单元格', en: 'Cell' },
  'import.name': { zh: '机位', en: 'Camera' },
  'import.column': { zh: '列', en: 'Column' },
  'import.fault': { zh: '问题', en: 'What is wrong' },
  'import.more': { zh: '还有 {{count}} 处，改好这些再核对。', en: '{{count}} more; mend these first.' },
  'import.created': {
    zh: '已导入 {{count}} 台',
    en: { one: '{{count}} camera imported', other: '{{count}} cameras imported' },
  },
  'import.createdSome': {
    zh: '已导入 {{count}} 台，{{failed}} 台没成',
    en: '{{count}} imported, {{failed}} failed',
  },
  'import.createdWhy': {
    zh: '网关已按快照计划开始留存。',
    en: 'The gateway has begun to keep snapshots by schedule.',
  },
  'import.toWall': { zh: '去视频墙看看', en: 'See them on the wall' },

  'import.error.missing': { zh: '必填，这里是空的', en: 'Needed, and empty' },
  'import.error.too-long': { zh: '太长，请缩短', en: 'Too long' },
  'import.error.unknown-project': {
    zh: '没有这个项目。请用名册里的项目名，或先建项目。',
    en: 'There is no such project. Use a name from the roster or create it first.',
  },
  'import.error.ambiguous-project': {
    zh: '有几个同名项目，请填外部编号。',
    en: 'Several projects bear this name. Give the external number.',
  },
  'import.error.unknown-credential-set': {
    zh: '密码本里没有这一组',
    en: 'No saved sign-in has this name',
  },
  'import.error.bad-address': {
    zh: '地址写法不对，如 192.168.10.64 或 rtsp://…',
    en: 'Not an address. Write it as 192.168.10.64 or rtsp://…',
  },
  'import.error.bad-schedule': {
    zh: '快照计划写法不对，请照模板填',
    en: 'Not a schedule. See the template.',
  },
  'import.error.bad-choice': { zh: '请从下拉项里选', en: 'Choose from the list' },
  'import.error.address-not-allowed': {
    zh: '不在允许接入的网段，请管理员修改 discovery.allowedNetworks。',
    en: 'Outside discovery.allowedNetworks. Ask an administrator.',
  },
  'import.error.two-addresses': {
    zh: 'ONVIF 和 RTSP 地址只填一个',
    en: 'Give either an ONVIF or an RTSP address',
  },
  'import.error.no-address': { zh: '请填 ONVIF 或 RTSP 地址', en: 'Give an ONVIF or an RTSP address' },
  'import.error.two-sign-ins': {
    zh: '密码本和用户名密码只填一种',
    en: 'Give either a saved sign-in or a user name and password',
  },
  'import.error.duplicate-in-file': { zh: '文件里另一行已有', en: 'Another row of the file has it' },
  'import.error.duplicate-name': {
    zh: '这个项目里已有同名机位',
    en: 'The project has a camera of this name',
  },
  'import.error.already-registered': { zh: '这台已经接入', en: 'It is registered already' },
  'import.error.not-written': { zh: '没有写入，请再试一次', en: 'Not written. Try again.' },
});
