import { numberAt, textAt, nodeAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';

/** How a camera's picture is set; null for what it does not tell. Scales are the maker's own. */
export interface ImagingSettings {
  brightness: number | null;
  contrast: number | null;
  saturation: number | null;
  sharpness: number | null;
  /** `ON`: colour by day; `OFF`: infrared; `AUTO`. */
  irCutFilter: string | null;
  wideDynamicRange: boolean | null;
  exposureMode: string | null;
  whiteBalanceMode: string | null;
}

/** Reads GetImagingSettingsResponse (ONVIF Imaging 5.1). */
export function readImagingSettings(body: XmlNode): ImagingSettings {
  const settings = nodeAt(body, 'ImagingSettings');
  const word = (...path: string[]): string | null => textAt(settings, ...path)?.slice(0, 40) ?? null;
  const wide = word('WideDynamicRange', 'Mode')?.toUpperCase();
  return {
    brightness: numberAt(settings, 'Brightness'),
    contrast: numberAt(settings, 'Contrast'),
    saturation: numberAt(settings, 'ColorSaturation'),
    sharpness: numberAt(settings, 'Sharpness'),
    irCutFilter: word('IrCutFilter'),
    wideDynamicRange: wide === undefined ? null : wide === 'ON',
    exposureMode: word('Exposure', 'Mode'),
    whiteBalanceMode: word('WhiteBalance', 'Mode'),
  };
}
