import { defineTexts } from '../i18n/define-texts.ts';

/** The sign-in page. */
export const signInTexts = defineTexts({
  'signIn.product': { zh: '重点项目视频监管', en: 'Site video gateway' },
  'signIn.head': { zh: '每个重点项目，\n此刻都看得见', en: 'See every key project,\nas it is right now' },
  'signIn.lead': { zh: '请使用本单位分配的账号登录。', en: 'Sign in with the account issued by your unit.' },
  'signIn.account': { zh: '账号', en: 'Account' },
  'signIn.password': { zh: '密码', en: 'Password' },
  'signIn.show': { zh: '显示密码', en: 'Show password' },
  'signIn.hide': { zh: '隐藏密码', en: 'Hide password' },
  'signIn.go': { zh: '登录', en: 'Sign in' },
  'signIn.needBoth': { zh: '请填写账号和密码。', en: 'Enter account and password.' },
  'signIn.notice': {
    zh: '画面含施工现场人员，仅限授权人员查看；每次查看均留痕。',
    en: 'Pictures show people at work. Authorised use only; every viewing is logged.',
  },
  'signIn.hosted': { zh: '部署于本单位机房', en: 'Hosted in our own server room' },
  'signIn.firstRun': {
    zh: '首次使用：账号 admin，密码在网关启动时打印。',
    en: 'First time: account admin; its password is printed when the gateway starts.',
  },
  'signIn.dayLabel': { zh: '工地一日的刻度', en: 'The site’s day on a ruler' },
  'signIn.daylight': { zh: '现场此刻', en: 'On site now' },
});
