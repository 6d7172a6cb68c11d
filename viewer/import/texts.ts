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
  'import.go': {
    zh: '导入 {{count}} 台',
    en: { one: 'Import {{count}} camera', other: 'Import {{count}} cameras' },
  },
  'import.goGood': { zh: '只导入没问题的 {{count}} 台', en: 'Import only the {{count}} good ones' },
  'import.other': { zh: '换一个文件', en: 'Another file' },
  'import.row': { zh: '行', en: 'Row' },
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
});
