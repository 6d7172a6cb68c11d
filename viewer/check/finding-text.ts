import { secondsText } from '../format/duration-text.ts';
import { bitrateText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import type { Finding } from './check-findings.ts';

/** A finding in a few words, with the figure measured. */
export function findingTitle({ code, value, values }: Finding): string {
  const figure = value ?? 0;
  const told = (name: string): string | number => values[name] ?? '—';
  if (code === 'clock') {
    const time = spanText(Math.abs(figure));
    return translate(figure > 0 ? 'check.clockFast' : 'check.clockSlow', { time });
  }
  if (code === 'size') return translate('check.size', { lines: figure });
  if (code === 'fps') return translate('check.fps', { fps: Math.round(figure * 10) / 10 });
  if (code === 'bitrate') return translate('check.bitrate', { rate: bitrateText(figure) });
  if (code === 'gop') return translate('check.gop', { seconds: secondsText(figure) });
  if (code === 'timeZone') return translate('check.timeZone', { camera: told('camera'), site: told('site') });
  if (code === 'uplink')
    return translate('check.uplink', { got: told('receivedMbps'), of: told('advertisedMbps') });
  if (code === 'lowFps') return translate('check.lowFps', { got: told('fps'), of: told('advertisedFps') });
  if (code === 'loss') return translate('check.loss', { share: told('lostPercent') });
  if (code === 'sound') return translate('check.sound', { sound: told('codec') });
  return translate(`check.${code}`);
}

/** Why a finding matters and what to do. */
export function findingWhy({ code, message }: Finding): string {
  return code === 'other' ? message : translate(`check.${code}Why`);
}

/** A length of time as a clock's error is told, as in `7 分 42 秒`. */
export function spanText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return translate('check.spanSeconds', { seconds: whole });
  if (whole < 3600)
    return translate('check.spanMinutes', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440)
    return translate('check.spanHours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  const hours = Math.floor(minutes / 60);
  return translate('check.spanDays', { days: Math.floor(hours / 24), hours: hours % 24 });
}

/** A clock's error in a table's cell. */
export function clockCell(driftSec: number | null): string {
  if (driftSec === null) return '—';
  if (Math.abs(driftSec) < 1) return translate('check.exact');
  const time = spanText(Math.abs(driftSec));
  return translate(driftSec > 0 ? 'check.clockFast' : 'check.clockSlow', { time });
}
