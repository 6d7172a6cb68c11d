import type { Language } from './reason-words.ts';

const HOUR_MIN = 60;
const DAY_MIN = 1440;

/** The sentences of messages in one language. */
export interface MessageWords {
  title(light: 'red' | 'yellow' | 'green', where: string, count: number): string;
  manyProjects(count: number): string;
  escalated(step: string): string;
  camera(project: string, name: string, what: string, since: string, todo: string): string;
  cameras(group: {
    project: string;
    count: number;
    total: number;
    what: string;
    since: string;
    todo: string;
    names: string;
  }): string;
  siteDown(group: { project: string; count: number; total: number; since: string }): string;
  overdue(project: string, step: string, days: number, dueOn: string): string;
  due(project: string, step: string, days: number, dueOn: string): string;
  responsible(unit: string, owner: string): string;
  relapses(count: number): string;
  acknowledged(by: string, note: string): string;
  over(project: string, name: string, from: string, lasted: string): string;
  overMany(project: string, count: number, from: string): string;
  stepOver(project: string, step: string): string;
  duration(minutes: number): string;
  more(count: number): string;
  open: string;
  test: { title: string; line: string };
}

const zh: MessageWords = {
  title: (light, where, count) =>
    `【龙门】${{ red: '红灯', yellow: '黄灯', green: '已恢复' }[light]}：${where}${count > 1 ? `（${count} 项）` : ''}`,
  manyProjects: (count) => `${count} 个项目`,
  escalated: (step) => `⇧ 无人接手，升级至${step}：`,
  camera: (project, name, what, since, todo) => `${project} · ${name}：${what}，${since} 起。${todo}。`,
  cameras: ({ project, count, total, what, since, todo, names }) =>
    `${project}：${total} 路摄像机中 ${count} 路${what}，${since} 起（${names}）。${todo}。`,
  siteDown: ({ project, count, total, since }) =>
    `${project}：${total} 路摄像机中 ${count} 路连不上，${since} 起，像是整个现场断电或断网。请先查总电源、光猫和 4G 路由器。`,
  overdue: (project, step, days, dueOn) => `${project} · 环节“${step}”逾期 ${days} 天（${dueOn} 到期）`,
  due: (project, step, days, dueOn) =>
    `${project} · 环节“${step}”${days === 0 ? '今天到期' : `还剩 ${days} 天`}（${dueOn} 到期）`,
  responsible: (unit, owner) => `，${[unit, owner].filter((word) => word !== '').join(' ')}`,
  relapses: (count) => `（反复 ${count} 次）`,
  acknowledged: (by, note) => `（${by} 已接手${note === '' ? '' : `：${note}`}）`,
  over: (project, name, from, lasted) => `✓ ${project} · ${name}：已恢复，${from} 起，历时 ${lasted}。`,
  overMany: (project, count, from) => `✓ ${project}：${count} 路摄像机已恢复，最早 ${from} 起。`,
  stepOver: (project, step) => `✓ ${project} · 环节“${step}”不再预警。`,
  duration: (minutes) =>
    minutes < HOUR_MIN
      ? `${minutes} 分钟`
      : minutes < DAY_MIN
        ? `${Math.floor(minutes / HOUR_MIN)} 小时 ${minutes % HOUR_MIN} 分`
        : `${Math.floor(minutes / DAY_MIN)} 天 ${Math.floor((minutes % DAY_MIN) / HOUR_MIN)} 小时`,
  more: (count) => `… 还有 ${count} 项`,
  open: '打开查看',
  test: { title: '【龙门】测试消息', line: '收到这条消息，说明通知通道已经接通。' },
};

const en: MessageWords = {
  title: (light, where, count) =>
    `[Gantry] ${{ red: 'Red', yellow: 'Yellow', green: 'Recovered' }[light]}: ${where}${count > 1 ? ` (${count} items)` : ''}`,
  manyProjects: (count) => `${count} projects`,
  escalated: (step) => `⇧ Taken on by nobody, now to ${step}: `,
  camera: (project, name, what, since, todo) => `${project}, ${name} ${what}, since ${since}. ${todo}.`,
  cameras: ({ project, count, total, what, since, todo, names }) =>
    `${project}: ${count} of ${total} cameras (${names}) have the same fault since ${since}: ${what}. ${todo}.`,
  siteDown: ({ project, count, total, since }) =>
    `${project}: ${count} of ${total} cameras cannot be reached, since ${since}; the whole site seems to be without power or network. Check its mains, modem and 4G router first.`,
  overdue: (project, step, days, dueOn) =>
    `${project}, step “${step}” is ${days} ${days === 1 ? 'day' : 'days'} late (due ${dueOn})`,
  due: (project, step, days, dueOn) =>
    `${project}, step “${step}” is due ${days === 0 ? 'today' : `in ${days} ${days === 1 ? 'day' : 'days'}`} (${dueOn})`,
  responsible: (unit, owner) => `, ${[unit, owner].filter((word) => word !== '').join(' ')}`,
  relapses: (count) => ` (came back ${count} ${count === 1 ? 'time' : 'times'})`,
  acknowledged: (by, note) => ` (taken on by ${by}${note === '' ? '' : `: ${note}`})`,
  over: (project, name, from, lasted) =>
    `✓ ${project}, ${name} works again; down since ${from}, for ${lasted}.`,
  overMany: (project, count, from) =>
    `✓ ${project}: ${count} cameras work again, the first down since ${from}.`,
  stepOver: (project, step) => `✓ ${project}, step “${step}” is no longer at risk.`,
  duration: (minutes) =>
    minutes < HOUR_MIN
      ? `${minutes} min`
      : minutes < DAY_MIN
        ? `${Math.floor(minutes / HOUR_MIN)} h ${minutes % HOUR_MIN} min`
        : `${Math.floor(minutes / DAY_MIN)} d ${Math.floor((minutes % DAY_MIN) / HOUR_MIN)} h`,
  more: (count) => `… and ${count} more`,
  open: 'Open',
  test: { title: '[Gantry] Test message', line: 'If you can read this, the channel works.' },
};

/** The sentences of both languages. */
export const messageWords: Readonly<Record<Language, MessageWords>> = { 'zh-CN': zh, en };
