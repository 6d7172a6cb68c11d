import { createHash } from 'node:crypto';
import type { CameraDefinition } from './camera-definition.ts';
import { sceneNames } from './clip/clip-spec.ts';

const positions = [
  '东南角塔吊高点',
  '南岸引桥高点',
  '1 号门',
  '基坑东侧',
  '北区裙楼',
  '主塔承台',
  '2 号门',
  '基坑西南角',
  '塔楼作业面',
  '引桥梁下',
  '3 号门',
  '基坑北侧',
];
const makes = [
  { make: 'Qingsha', model: 'QS-4200T', firmware: 'V5.7.12 build 260318' },
  { make: 'Beidou Vision', model: 'BV-IPC65H', firmware: '2.840.0000000.18.R' },
  { make: 'Longyan', model: 'LY-2M-A', firmware: '3.4.1' },
  { make: 'Shanhe', model: 'SH-D4K-PTZ', firmware: 'H9.22.0715' },
] as const;
const sizes = [
  { width: 1920, height: 1080, fps: 25 },
  { width: 1920, height: 1080, fps: 25 },
  { width: 1920, height: 1080, fps: 25 },
  { width: 2560, height: 1440, fps: 20 },
] as const;
const paths = [
  ['/stream/main', '/stream/sub'],
  ['/live/ch00_0', '/live/ch00_1'],
  ['/h264/ch1/main', '/h264/ch1/sub'],
  ['/cam/media?channel=1&subtype=0', '/cam/media?channel=1&subtype=1'],
] as const;

/** The camera with an index: every fourth is alike but for its place, its auth and its quirks. */
export function cameraDefinition(index: number): CameraDefinition {
  const kind = index % 4;
  const round = Math.floor(index / 4);
  const digest = createHash('sha256').update(`gantry demo camera ${index}`).digest('hex');
  const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  const { make, model, firmware } = makes[kind]!;
  const [mainPath, subPath] = paths[kind]!;
  return {
    index,
    endpointId: `urn:uuid:${uuid}`,
    make,
    model,
    firmware,
    mainPath,
    subPath,
    ...sizes[kind]!,
    name:
      index < positions.length ? positions[index]! : `${positions[index % positions.length]!} ${index + 1}`,
    serial: `${model.replace(/\W/g, '')}${digest.slice(32, 40).toUpperCase()}`,
    mac: `02:9b:${digest.slice(40, 48).match(/../g)!.join(':')}`,
    scene: sceneNames[kind]!,
    variant: round,
    codec: kind === 1 ? 'h265' : 'h264',
    audio: kind === 2,
    ptz: kind === 3 || index === 0,
    onvifAuth: index === 1 ? 'digest' : index === 2 ? 'wsse' : 'both',
    rtspBasic: round > 0 && kind === 2,
    startsMidGop: kind === 3,
    absoluteControl: kind === 3 || kind === 1,
    tls: false,
    media: 'both',
    wrongXaddr: false,
    clockOffsetSec: 0,
  };
}
