import { defineTexts } from '../i18n/define-texts.ts';

/** What went wrong with a request, by the gateway's stable code: what happened and what to do. */
export const apiTexts = defineTexts({
  'problem.network': {
    zh: '连不上网关。请检查本机网络，仍不行请通知运维。',
    en: 'The gateway cannot be reached. Check this device’s network, then tell operations.',
  },
  'problem.timeout': {
    zh: '网关没有及时应答，请再试一次。',
    en: 'The gateway did not answer in time. Try again.',
  },
  'problem.bad-request': {
    zh: '填写的内容有误：{{detail}}',
    en: 'Something entered is not right: {{detail}}',
  },
  'problem.unauthenticated': { zh: '登录已过期，请重新登录。', en: 'Your session has ended. Sign in again.' },
  'problem.bad-credentials': { zh: '账号或密码不正确。', en: 'Wrong account or password.' },
  'problem.forbidden': {
    zh: '您的账号没有这项权限，可请管理员开通。',
    en: 'Your account may not do this. Ask an administrator.',
  },
  'problem.not-found': {
    zh: '没有找到，可能已删除，或不在您的查看范围。',
    en: 'Not found: removed, or outside what you may see.',
  },
  'problem.method-not-allowed': {
    zh: '网关不支持这个操作，请刷新页面再试。',
    en: 'The gateway does not know this action. Reload the page and try again.',
  },
  'problem.conflict': { zh: '与已有内容冲突：{{detail}}', en: 'Collides with what is there: {{detail}}' },
  'problem.too-large': { zh: '内容太大，请分批提交。', en: 'Too large. Send it in parts.' },
  'problem.too-many-requests': {
    zh: '试得太频繁，请 {{seconds}} 秒后再试。',
    en: 'Too many tries. Wait {{seconds}} seconds.',
  },
  'problem.camera-offline': {
    zh: '摄像机连不上，可能断电或断网。',
    en: 'The camera cannot be reached: no power or no network.',
  },
  'problem.camera-auth-failed': {
    zh: '摄像机不认这组用户名或密码，请更正密码。',
    en: 'The camera refused the user name or password. Correct them.',
  },
  'problem.camera-auth-paused': {
    zh: '摄像机刚拒绝过密码，为免锁死设备，5 分钟后再试。',
    en: 'The camera just refused the password; the next try is in 5 minutes so that it is not locked.',
  },
  'problem.camera-protocol-error': {
    zh: '摄像机应答不合规范，请升级固件或换一种接入方式。',
    en: 'The camera’s answer breaks its protocol. Update its firmware or add it another way.',
  },
  'problem.import-refused': {
    zh: '表格里有错误的行，没有写入任何摄像机。请改正后重新导入，或只导入正确的行。',
    en: 'Some rows of the file are wrong, so nothing was written. Mend them and import again, or import the good rows only.',
  },
  'problem.camera-unsupported': {
    zh: '这台摄像机没有这项功能。',
    en: 'This camera does not offer that.',
  },
  'problem.camera-certificate-changed': {
    zh: '摄像机出示的证书与接入时不同。如果摄像机恢复过出厂设置或更换过，请在摄像机页面确认新证书；否则请查明是谁在应答。',
    en: 'The camera shows another certificate than when it was added. If it was reset or replaced, accept the new one on its page; else find out who answers in its place.',
  },
  'problem.unsupported-codec': {
    zh: '摄像机的编码无法播放，请改为 H.264。',
    en: 'The camera’s format cannot be played. Set it to H.264.',
  },
  'problem.address-not-allowed': {
    zh: '该地址不在允许接入的网段，请管理员修改 discovery.allowedNetworks。',
    en: 'The address lies outside discovery.allowedNetworks. Ask an administrator.',
  },
  'problem.no-picture': { zh: '还没有画面。', en: 'No picture yet.' },
  'problem.transcoder-busy': {
    zh: '同时转码的路数已满，请稍后再试或改看流畅。',
    en: 'All conversions are in use. Try later or watch the smooth stream.',
  },
  'problem.ffmpeg-missing': {
    zh: '网关上没有 FFmpeg，无法取图，请管理员安装。',
    en: 'FFmpeg is missing on the gateway. Ask an administrator to install it.',
  },
  'problem.ffmpeg-failed': {
    zh: '网关处理画面时出错，请再试一次。',
    en: 'The gateway failed to process the picture. Try again.',
  },
  'problem.storage-failed': {
    zh: '网关磁盘读写失败，请通知运维。',
    en: 'The gateway’s disk failed. Tell operations.',
  },
  'problem.secret-unreadable': {
    zh: '保存的摄像机密码无法解密，请重新填写。',
    en: 'The stored camera password cannot be decrypted. Enter it again.',
  },
  'problem.shutting-down': { zh: '网关正在重启，请稍候。', en: 'The gateway is restarting. Wait a moment.' },
  'problem.other': { zh: '网关内部出错，请通知运维。', en: 'A fault inside the gateway. Tell operations.' },
});
