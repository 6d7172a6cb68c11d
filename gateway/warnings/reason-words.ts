import type { ReasonCode } from '../contract/health.ts';

/** What is wrong, and what to do about it, in one language. */
export interface ReasonWords {
  what: string;
  todo: string;
}

/** The language of a channel. */
export type Language = 'zh-CN' | 'en';

const words = (zh: [string, string], en: [string, string]): Readonly<Record<Language, ReasonWords>> => ({
  'zh-CN': { what: zh[0], todo: zh[1] },
  en: { what: en[0], todo: en[1] },
});

/** Every reason in plain words for people who get a message and no screen. */
export const reasonWords: Readonly<Record<ReasonCode, Readonly<Record<Language, ReasonWords>>>> = {
  unreachable: words(
    ['连不上，可能断电或断网', '请检查现场供电、网线和 4G 信号'],
    ['cannot be reached, no power or no network', 'Check power, cables and the 4G signal on site'],
  ),
  'auth-failed': words(
    ['密码不对', '请在摄像机页面更正用户名和密码'],
    ['refuses the password', 'Correct its user name and password on the camera’s page'],
  ),
  'auth-paused': words(
    ['密码被拒，稍后再试', '请在摄像机页面更正用户名和密码'],
    ['refuses the password, next try in minutes', 'Correct its user name and password on the camera’s page'],
  ),
  'rtsp-error': words(
    ['视频协议出错', '请检查摄像机的视频流设置'],
    ['answers its video protocol wrongly', 'Check the stream settings of the camera'],
  ),
  'no-frames': words(
    ['已连上，但没有画面', '请重启摄像机，并检查上行带宽'],
    ['is connected, but sends no picture', 'Restart the camera and check the uplink'],
  ),
  'low-fps': words(
    ['帧率偏低，画面会卡', '请检查上行带宽，或调低码率'],
    ['sends too few frames, its picture stutters', 'Check the uplink, or lower the bitrate'],
  ),
  'packet-loss': words(
    ['丢包偏多，画面会花', '请检查网线和 4G 信号'],
    ['loses packets, its picture breaks up', 'Check cables and the 4G signal'],
  ),
  'unsupported-codec': words(
    ['编码无法播放', '请把摄像机编码改为 H.264'],
    ['sends a format that cannot be played', 'Set the camera to H.264'],
  ),
  'clock-drift': words(
    ['设备时钟不准', '请在摄像机页面校时'],
    ['has a wrong clock', 'Set its clock on the camera’s page'],
  ),
  black: words(
    ['画面全黑', '请检查镜头和现场照明'],
    ['shows a black picture', 'Check the lens and the light on site'],
  ),
  overexposed: words(
    ['画面过曝', '请检查曝光和逆光设置'],
    ['shows an overexposed picture', 'Check exposure and backlight settings'],
  ),
  blurred: words(
    ['画面模糊', '请擦拭镜头或重新对焦'],
    ['shows a blurred picture', 'Clean the lens or focus it'],
  ),
  frozen: words(['画面不动', '请重启摄像机'], ['shows a frozen picture', 'Restart the camera']),
  covered: words(['镜头被遮挡', '请派人移开遮挡物'], ['is covered', 'Have the lens uncovered']),
  moved: words(
    ['机位被移动', '请派人恢复机位，或确认新的参考画面'],
    ['was moved', 'Turn it back, or confirm the new view'],
  ),
  'snapshot-missed': words(
    ['有定时快照没留成', '请打开摄像机页面看原因'],
    ['missed a scheduled picture', 'See why on the camera’s page'],
  ),
  'low-disk': words(
    ['网关磁盘将满', '请管理员清理或扩容磁盘'],
    ['is at risk: the gateway’s disk is nearly full', 'Have the administrator make room'],
  ),
  maintenance: words(['检修中', '无需处理'], ['is under maintenance', 'Nothing to do']),
  disabled: words(['已停用', '无需处理'], ['is disabled', 'Nothing to do']),
  starting: words(['正在连接', '请稍候'], ['is starting', 'Wait a moment']),
};
