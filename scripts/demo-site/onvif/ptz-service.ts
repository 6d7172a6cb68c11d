import type { DemoCamera } from '../demo-camera.ts';
import { notSupported, SoapFault } from './soap-reply.ts';
import { child, textAt, type XmlNode } from './soap-request.ts';

const presets = [
  ['preset_1', '全景'],
  ['preset_2', '塔吊吊钩'],
  ['preset_3', '作业面'],
] as const;
const space = 'http://www.onvif.org/ver10/tptz';
const range = (axis: string): string => `<tt:${axis}><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:${axis}>`;

const node = `<tptz:PTZNode token="ptzn0" FixedHomePosition="false"><tt:Name>PTZ</tt:Name><tt:SupportedPTZSpaces><tt:ContinuousPanTiltVelocitySpace><tt:URI>${space}/PanTiltSpaces/VelocityGenericSpace</tt:URI>${range('XRange')}${range('YRange')}</tt:ContinuousPanTiltVelocitySpace><tt:ContinuousZoomVelocitySpace><tt:URI>${space}/ZoomSpaces/VelocityGenericSpace</tt:URI>${range('XRange')}</tt:ContinuousZoomVelocitySpace></tt:SupportedPTZSpaces><tt:MaximumNumberOfPresets>16</tt:MaximumNumberOfPresets><tt:HomeSupported>false</tt:HomeSupported></tptz:PTZNode>`;

function status(camera: DemoCamera): string {
  const { pan, tilt, zoom, moving } = camera.ptz;
  const state = moving ? 'MOVING' : 'IDLE';
  return `<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position><tt:PanTilt x="${pan}" y="${tilt}"/><tt:Zoom x="${zoom}"/></tt:Position><tt:MoveStatus><tt:PanTilt>${state}</tt:PanTilt><tt:Zoom>${state}</tt:Zoom></tt:MoveStatus><tt:UtcTime>${new Date(camera.clockMs()).toISOString()}</tt:UtcTime></tptz:PTZStatus></tptz:GetStatusResponse>`;
}

function move(camera: DemoCamera, parameters: XmlNode): string {
  const velocity = child(parameters, 'Velocity');
  const of = (element: string, axis: string): number => {
    const value = Number(textAt(velocity, element, `@${axis}`) || '0');
    if (!(Math.abs(value) <= 1))
      throw new SoapFault(
        'Sender',
        ['ter:InvalidArgVal', 'ter:InvalidVelocity'],
        'The requested velocity is out of bounds.',
      );
    return value;
  };
  const limit = (value: number): number => Math.max(-1, Math.min(1, Math.round(value * 1000) / 1000));
  const { ptz } = camera;
  ptz.pan = limit(ptz.pan + of('PanTilt', 'x') * 0.1);
  ptz.tilt = limit(ptz.tilt + of('PanTilt', 'y') * 0.1);
  ptz.zoom = Math.max(0, limit(ptz.zoom + of('Zoom', 'x') * 0.1));
  ptz.moving = true;
  ptz.moves += 1;
  return '<tptz:ContinuousMoveResponse/>';
}

function gotoPreset(camera: DemoCamera, parameters: XmlNode): string {
  const token = textAt(parameters, 'PresetToken');
  const index = presets.findIndex(([known]) => known === token);
  if (index === -1)
    throw new SoapFault(
      'Sender',
      ['ter:InvalidArgVal', 'ter:NoToken'],
      'The requested preset token does not exist.',
    );
  Object.assign(camera.ptz, {
    pan: (index - 1) * 0.5,
    tilt: 0,
    zoom: index * 0.2,
    presetToken: token,
    moving: false,
  });
  camera.ptz.moves += 1;
  return '<tptz:GotoPresetResponse/>';
}

/** Answers an operation of the PTZ service (ver20); moves are recorded, the picture stays; throws `SoapFault`. */
export function ptzService(camera: DemoCamera, operation: string, parameters: XmlNode): string {
  if (!camera.definition.ptz) throw notSupported(operation);
  switch (operation) {
    case 'GetNodes':
      return `<tptz:GetNodesResponse>${node}</tptz:GetNodesResponse>`;
    case 'GetConfigurations':
      return '<tptz:GetConfigurationsResponse><tptz:PTZConfiguration token="ptzc0"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>ptzn0</tt:NodeToken><tt:DefaultPTZTimeout>PT5S</tt:DefaultPTZTimeout></tptz:PTZConfiguration></tptz:GetConfigurationsResponse>';
    case 'GetStatus':
      return status(camera);
    case 'GetPresets':
      return `<tptz:GetPresetsResponse>${presets.map(([token, name]) => `<tptz:Preset token="${token}"><tt:Name>${name}</tt:Name></tptz:Preset>`).join('')}</tptz:GetPresetsResponse>`;
    case 'ContinuousMove':
      return move(camera, parameters);
    case 'Stop':
      camera.ptz.moving = false;
      return '<tptz:StopResponse/>';
    case 'GotoPreset':
      return gotoPreset(camera, parameters);
    default:
      throw notSupported(operation);
  }
}
