import { defineTexts } from '../i18n/define-texts.ts';

/** The phone's home: projects and cameras with their newest pictures. */
export const homeTexts = defineTexts({
  'home.title': { zh: '现场画面', en: 'Site pictures' },
  'home.updated': { zh: '{{day}} · {{time}} 更新', en: '{{day}} · updated {{time}}' },
  'home.search': { zh: '项目、机位、县区', en: 'Project, camera, district' },
  'home.searchLabel': { zh: '搜索项目和机位', en: 'Search projects and cameras' },
  'home.filter': { zh: '按灯号筛选', en: 'Filter by light' },
  'home.all': { zh: '全部', en: 'All' },
  'home.attention': { zh: '需要关注', en: 'Needs attention' },
  'home.fine': { zh: '画面正常', en: 'Pictures fine' },
  'home.unused': { zh: '停用', en: 'Not in use' },
  'home.online': { zh: '{{online}}/{{total}} 在线', en: '{{online}}/{{total}} online' },
  'home.offlineFor': { zh: '离线 {{time}}', en: 'Offline {{time}}' },
  'home.nothingFound': { zh: '没有符合的画面', en: 'Nothing matches' },
});
