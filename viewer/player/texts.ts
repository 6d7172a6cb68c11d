import { defineTexts } from '../i18n/define-texts.ts';

/** What stands on and around a live picture. */
export const playerTexts = defineTexts({
  'player.label': { zh: '{{name}}，实时画面', en: '{{name}}, live picture' },
  'player.live': { zh: '实时', en: 'Live' },
  'player.connecting': { zh: '正在连接', en: 'Connecting' },
  'player.connectingWithPicture': {
    zh: '正在连接，先看 {{time}} 快照',
    en: 'Connecting, picture of {{time}}',
  },
  'player.stalled': { zh: '画面卡住，正在恢复', en: 'Picture stuck, recovering' },
  'player.cut': { zh: '画面中断', en: 'Picture cut off' },
  'player.offlineFor': { zh: '离线 {{time}}', en: 'Offline for {{time}}' },
  'player.offline': { zh: '离线', en: 'Offline' },
  'player.lastPicture': { zh: '背景为 {{time}} 最后画面', en: 'Behind: last picture, {{time}}' },
  'player.noPicture': { zh: '还没有留下画面', en: 'No picture kept yet' },
  'player.disabled': { zh: '已停用', en: 'Disabled' },
  'player.disabledWhy': { zh: '启用后才会取流和留快照', en: 'Enable it to pull pictures again' },
  'player.denied': { zh: '不在您的查看范围', en: 'Outside what you may see' },
  'player.deniedWhy': { zh: '向管理员申请', en: 'Ask an administrator' },
  'player.signedOut': { zh: '登录已过期', en: 'Signed out' },
  'player.busy': { zh: '暂时没有画面', en: 'No picture just now' },
  'player.unsupported': { zh: '这个浏览器放不了 {{codec}}', en: 'This browser cannot play {{codec}}' },
  'player.unsupportedWhy': {
    zh: '请把摄像机子码流改为 H.264，或换用 Edge、Safari',
    en: 'Set the sub stream to H.264, or use Edge or Safari',
  },
  'player.hdUnsupported': {
    zh: '高清是 {{codec}}，这个浏览器放不了，继续看流畅',
    en: 'HD is {{codec}}, which this browser cannot play. Staying on smooth.',
  },
  'player.auto': { zh: '自动', en: 'Auto' },
  'player.slow': { zh: '网络慢，已转流畅', en: 'Slow network, on smooth' },
  'player.smooth': { zh: '流畅', en: 'Smooth' },
  'player.hd': { zh: '高清', en: 'HD' },
  'player.quality': { zh: '清晰度', en: 'Quality' },
});
