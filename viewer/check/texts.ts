import { defineTexts } from '../i18n/define-texts.ts';

/** What a check of a camera found, why it matters, and what to do. */
export const checkTexts = defineTexts({
  'check.network': { zh: '连不上', en: 'Cannot be reached' },
  'check.networkWhy': {
    zh: '摄像机断电、断网，或地址已变。请查电源和网线，再重新检测。',
    en: 'The camera has no power, no network or another address. Check both, then check again.',
  },
  'check.onvif': { zh: 'ONVIF 没有应答', en: 'ONVIF does not answer' },
  'check.onvifWhy': {
    zh: '请在摄像机网页里打开 ONVIF，并建一个 ONVIF 用户。',
    en: 'Turn ONVIF on in the camera’s own page and add an ONVIF user there.',
  },
  'check.auth': { zh: '密码不符', en: 'Password refused' },
  'check.authWhy': {
    zh: '摄像机不认这组用户名和密码，请更正后再检测。',
    en: 'The camera refuses this user name and password. Correct them, then check again.',
  },
  'check.authPaused': { zh: '密码暂不再试', en: 'Password not tried for now' },
  'check.authPausedWhy': {
    zh: '刚被拒绝过，为免锁死设备，5 分钟后再试。',
    en: 'It was refused a moment ago; the next try is in 5 minutes so that the camera is not locked.',
  },
  'check.rtsp': { zh: '视频流打不开', en: 'The stream does not open' },
  'check.rtspWhy': {
    zh: '请查 RTSP 端口是否开放、同时观看数是否已满。',
    en: 'See whether its RTSP port is open and its number of viewers is used up.',
  },
  'check.firstFrame': { zh: '没有画面传来', en: 'No picture arrives' },
  'check.firstFrameWhy': {
    zh: '已连上但没有画面。请重启摄像机，或查上行带宽。',
    en: 'Connected, but nothing comes. Restart the camera or see whether the uplink is full.',
  },
  'check.decode': { zh: '画面解不开', en: 'The picture cannot be decoded' },
  'check.decodeWhy': {
    zh: '请把编码改为 H.264 或 H.265，关闭智能编码。',
    en: 'Set the camera to H.264 or H.265 and turn smart encoding off.',
  },
  'check.clockFast': { zh: '时钟快 {{time}}', en: 'Clock is {{time}} fast' },
  'check.clockSlow': { zh: '时钟慢 {{time}}', en: 'Clock is {{time}} slow' },
  'check.clockWhy': {
    zh: '快照会盖错时间，不能当进度证据。',
    en: 'Pictures would bear the wrong time and be no evidence of progress.',
  },
  'check.codec': { zh: '编码是 H.265', en: 'Codec is H.265' },
  'check.codecWhy': {
    zh: '部分手机和浏览器放不出来，网关要转码，多耗 CPU。可在摄像机网页把主码流改 H.264。',
    en: 'Some phones and browsers cannot play it; the gateway then converts, which costs CPU. The camera’s own page can set H.264.',
  },
  'check.size': { zh: '只有 {{lines}} 线', en: 'Only {{lines}} lines' },
  'check.sizeWhy': {
    zh: '低于 1080p，快照看不清细节。请在摄像机网页调高主码流。',
    en: 'Below 1080p, snapshots lack detail. Raise the main stream in the camera’s own page.',
  },
  'check.fps': { zh: '每秒 {{fps}} 帧', en: '{{fps}} frames a second' },
  'check.fpsWhy': { zh: '低于 15 帧，动作会跳。', en: 'Below 15, movement looks jerky.' },
  'check.bitrate': { zh: '码率 {{rate}}', en: 'Bitrate {{rate}}' },
  'check.bitrateWhy': {
    zh: '高于 4 Mbps，工地上行两路就会卡。请在摄像机网页调低。',
    en: 'Above 4 Mbps, a site’s uplink stalls at two viewers. Lower it in the camera’s own page.',
  },
  'check.gop': { zh: '关键帧间隔 {{seconds}}', en: 'A key frame every {{seconds}}' },
  'check.gopWhy': {
    zh: '打开画面要等这么久。请在摄像机网页改为 2 秒，关闭智能编码。',
    en: 'A picture takes that long to appear. Set 2 s in the camera’s own page and turn smart encoding off.',
  },
  'check.noSub': { zh: '没有子码流', en: 'No sub stream' },
  'check.noSubWhy': {
    zh: '视频墙和手机只能看大码流，费流量。请在摄像机网页打开子码流。',
    en: 'Walls and phones must load the full size. Turn a sub stream on in the camera’s own page.',
  },
  'check.timeZone': {
    zh: '时区是 {{camera}}，工地是 {{site}}',
    en: 'Time zone {{camera}}, the site has {{site}}',
  },
  'check.timeZoneWhy': {
    zh: '画面上印的时间会错。请在摄像机网页改时区。',
    en: 'The time in its picture is off. Set the zone in the camera’s own page.',
  },
  'check.certificate': { zh: '证书变了', en: 'Its certificate has changed' },
  'check.certificateWhy': {
    zh: '换机、升级或重置过会这样，都没有就到现场看看；可在机位页接受新证书。',
    en: 'A new device, firmware or a reset explain it; else look at the site. The camera’s page can accept it.',
  },
  'check.mjpeg': { zh: '编码是 MJPEG', en: 'Codec is MJPEG' },
  'check.mjpegWhy': {
    zh: '流量是 H.264 的好几倍，还要转码。请在摄像机网页改 H.264。',
    en: 'It takes many times the data and must be converted. Set H.264 in the camera’s own page.',
  },
  'check.uplink': { zh: '上行只到 {{got}} / {{of}} Mbps', en: 'The uplink carries {{got}} of {{of}} Mbps' },
  'check.uplinkWhy': {
    zh: '线路带不动主码流。请调低码率，或换更好的线路。',
    en: 'The line is too thin for the main stream. Lower its bitrate or improve the line.',
  },
  'check.lowFps': { zh: '每秒只到 {{got}} / {{of}} 帧', en: 'Only {{got}} of {{of}} frames a second arrive' },
  'check.lowFpsWhy': {
    zh: '夜间曝光太长，或摄像机太忙。',
    en: 'Exposure is too long at night, or the camera is too busy.',
  },
  'check.loss': { zh: '丢包 {{share}}%', en: '{{share}}% of the packets were lost' },
  'check.lossWhy': { zh: '请查网线、交换机或无线网桥。', en: 'Look at cable, switch or radio link.' },
  'check.sound': { zh: '声音是 {{sound}}', en: 'Sound is {{sound}}' },
  'check.soundWhy': {
    zh: '有人看时网关要转成 AAC。可在摄像机网页把音频改 AAC。',
    en: 'The gateway converts it to AAC while someone watches. The camera’s own page can set AAC.',
  },
  'check.other': { zh: '摄像机有提示', en: 'A remark' },
  'check.must': { zh: '须修正', en: 'must be set right' },
  'check.should': { zh: '建议改', en: 'advice' },
  'check.fixClock': { zh: '校时到网关时间', en: 'Set it to the gateway’s time' },
  'check.fixFailed': { zh: '没改成：{{why}}', en: 'Not done: {{why}}' },
  'check.well': { zh: '检测通过', en: 'Nothing to set right' },
  'check.wellWhy': { zh: '连接、画面、时钟都正常。', en: 'Connection, picture and clock are fine.' },
  'check.spanDays': { zh: '{{days}} 天 {{hours}} 小时', en: '{{days}} d {{hours}} h' },
  'check.spanHours': { zh: '{{hours}} 小时 {{minutes}} 分', en: '{{hours}} h {{minutes}} min' },
  'check.spanMinutes': { zh: '{{minutes}} 分 {{seconds}} 秒', en: '{{minutes}} min {{seconds}} s' },
  'check.spanSeconds': { zh: '{{seconds}} 秒', en: '{{seconds}} s' },
  'check.exact': { zh: '准', en: 'exact' },
});
