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

  'todo.unreachable': {
    zh: '到现场查电源、网线和交换机；换过地址就重新搜索。',
    en: 'Check power, cable and switch on site; search again if its address has changed.',
  },
  'todo.auth-failed': {
    zh: '到机位页改成摄像机现在的用户名和密码。',
    en: 'Enter the camera’s present user name and password on its page.',
  },
  'todo.auth-paused': {
    zh: '先改对密码，网关随即重试，不会锁死设备。',
    en: 'Correct the password; the gateway then tries at once and does not lock the camera.',
  },
  'todo.rtsp-error': {
    zh: '查 RTSP 端口和观看路数，再做一次体检。',
    en: 'See its RTSP port and number of viewers, then check the camera.',
  },
  'todo.no-frames': {
    zh: '重启摄像机；仍没有画面，查上行带宽。',
    en: 'Restart the camera; if nothing comes still, see whether the uplink is full.',
  },
  'todo.low-fps': {
    zh: '调低码率或分辨率；夜间常见，可放宽曝光。',
    en: 'Lower bitrate or size; at night shorten the exposure.',
  },
  'todo.packet-loss': {
    zh: '查工地上行线路和 4G 信号，或调低码率。',
    en: 'See to the site’s uplink and 4G signal, or lower the bitrate.',
  },
  'todo.unsupported-codec': {
    zh: '在摄像机网页把编码改为 H.264 或 H.265。',
    en: 'Set H.264 or H.265 on the camera’s own page.',
  },
  'todo.clock-drift': {
    zh: '在机位页校时，再给摄像机配上时间服务器。',
    en: 'Sync the clock on the camera’s page and give it a time server.',
  },
  'todo.black': {
    zh: '看镜头是否被盖、现场有无照明、夜视是否坏了。',
    en: 'See whether the lens is capped, the site lit, night vision working.',
  },
  'todo.overexposed': {
    zh: '避开强光，或打开宽动态、调低曝光。',
    en: 'Turn it out of the light, or set wide dynamic range and less exposure.',
  },
  'todo.blurred': {
    zh: '擦净镜头，再重新对焦。',
    en: 'Clean the lens, then focus it.',
  },
  'todo.frozen': {
    zh: '重启摄像机；反复出现就升级固件。',
    en: 'Restart the camera; update its firmware if it comes back.',
  },
  'todo.covered': {
    zh: '到现场移开遮挡物。',
    en: 'Clear what stands before the lens.',
  },
  'todo.moved': {
    zh: '把摄像机转回原来的角度；有意调整的，确认新画面。',
    en: 'Turn it back to its old view, or confirm the new one if it is wanted.',
  },
  'todo.snapshot-missed': {
    zh: '在时间轴看缺口原因；下一张拍成后自动消除。',
    en: 'The timeline tells why; it ends with the next picture.',
  },
  'todo.low-disk': {
    zh: '请管理员清理磁盘或缩短留存天数。',
    en: 'Ask an administrator to free the disk or keep pictures for less long.',
  },
  'todo.maintenance': { zh: '检修结束后自动恢复检测。', en: 'It is looked at again when the work is over.' },
  'todo.disabled': { zh: '需要时在机位页启用。', en: 'Enable it on its page when it is needed.' },
  'todo.starting': { zh: '稍等片刻。', en: 'Wait a moment.' },
});
