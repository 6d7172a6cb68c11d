import { defineTexts } from '../i18n/define-texts.ts';

/** Lights and the reasons for them. */
export const fleetTexts = defineTexts({
  'light.green': { zh: '正常', en: 'Normal' },
  'light.yellow': { zh: '预警', en: 'At risk' },
  'light.red': { zh: '离线', en: 'Offline' },
  'light.grey': { zh: '停用', en: 'Not in use' },

  'reason.unreachable': { zh: '连不上，可能断电或断网', en: 'Cannot be reached: no power or network' },
  'reason.auth-failed': { zh: '密码不对，请更正', en: 'Wrong password, please correct' },
  'reason.auth-paused': { zh: '密码被拒，5 分钟后再试', en: 'Password refused, next try in 5 min' },
  'reason.rtsp-error': {
    zh: '视频协议出错，请检查摄像机设置',
    en: 'RTSP error, check the camera’s settings',
  },
  'reason.no-frames': { zh: '已连上，但没有画面', en: 'Connected, but no picture arrives' },
  'reason.low-fps': { zh: '帧率偏低，画面会卡', en: 'Low frame rate, picture stutters' },
  'reason.packet-loss': { zh: '丢包偏多，画面会花', en: 'Packet loss, picture breaks up' },
  'reason.unsupported-codec': { zh: '编码无法播放，请改 H.264', en: 'Format not playable, set H.264' },
  'reason.clock-drift': { zh: '设备时钟不准，请校时', en: 'Camera clock is off, sync it' },
  'reason.black': { zh: '画面全黑', en: 'Picture is black' },
  'reason.overexposed': { zh: '画面过曝', en: 'Picture is overexposed' },
  'reason.blurred': { zh: '画面模糊，请擦镜头或对焦', en: 'Picture is blurred, clean or focus the lens' },
  'reason.frozen': { zh: '画面不动', en: 'Picture is frozen' },
  'reason.covered': { zh: '镜头被遮挡', en: 'Lens is covered' },
  'reason.moved': { zh: '机位被移动', en: 'Camera has been moved' },
  'reason.snapshot-missed': { zh: '有快照没留成', en: 'A snapshot was missed' },
  'reason.low-disk': { zh: '网关磁盘将满', en: 'Gateway disk is nearly full' },
  'reason.maintenance': { zh: '检修中', en: 'Under maintenance' },
  'reason.disabled': { zh: '已停用', en: 'Disabled' },
  'reason.starting': { zh: '正在连接', en: 'Starting' },
});
