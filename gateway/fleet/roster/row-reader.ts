import { isIP } from 'node:net';
import { isGatewayError } from '../../base/gateway-error.ts';
import type { CameraCreate } from '../../contract/camera.ts';
import type { ImportCellError, ImportErrorCode } from '../../contract/camera-import.ts';
import { hostTarget } from '../../discovery/targets.ts';
import type { ProjectRecord } from '../project-record.ts';
import { splitRtspAddress } from '../rtsp-address.ts';
import type { RosterColumn } from './columns.ts';
import { nearestName } from './nearest-name.ts';
import type { RosterContext } from './roster-context.ts';
import type { SheetRow } from './roster-sheet.ts';
import { parseScheduleText } from './schedule-text.ts';

/** What a row says: a camera to create, as far as it could be understood, and what is wrong with it. */
export interface ReadRow {
  row: number;
  name: string;
  errors: ImportCellError[];
  /** Null when something is wrong. */
  body: CameraCreate | null;
  /** Of the device, for doubles: the service address or the stream's; null when there is none. */
  address: string | null;
  sheet: SheetRow;
}

const LONGEST = { name: 120, position: 200, username: 120, password: 200 } as const;
const YES = /^(是|启用|y|yes|true|1|on)$/i;
const NO = /^(否|停用|n|no|false|0|off)$/i;

/** Reads one row after the other, each by itself; made for one import. */
export class RowReader {
  readonly #context: RosterContext;
  readonly #nearest = new Map<string, string | null>();

  constructor(context: RosterContext) {
    this.#context = context;
  }

  read(sheet: SheetRow): ReadRow {
    const errors: ImportCellError[] = [];
    const fault = faultOf(sheet, errors);
    this.#checkLengths(sheet, fault);
    const name = sheet.text('name');
    if (name === '') fault('name', 'missing', 'every camera needs a name');
    const project = this.#project(sheet, fault);
    const { onvif, rtsp, address } = this.#addresses(sheet, fault);
    const signIn = this.#signIn(sheet, fault);
    const schedule = parseScheduleText(sheet.text('schedule'));
    if (schedule === undefined) {
      const text = sheet.text('schedule');
      fault('schedule', 'bad-schedule', `"${text}" is not understood: write "每 30 分钟，06:30 至 18:30"`, {
        text,
      });
    }
    const enabled = this.#enabled(sheet, fault);
    const source = onvif
      ? { onvif: { username: '', password: '', ...signIn, xaddr: onvif } }
      : { rtsp: { ...signIn, main: rtsp?.main ?? '', sub: rtsp?.sub ?? null } };
    const body = { name, projectId: project?.id ?? '', position: sheet.text('position'), schedule, enabled };
    const isGood = errors.length === 0;
    return { row: sheet.row, name, errors, body: isGood ? { ...body, ...source } : null, address, sheet };
  }

  #checkLengths(sheet: SheetRow, fault: Fault): void {
    for (const [column, most] of Object.entries(LONGEST) as [keyof typeof LONGEST, number][]) {
      if (sheet.text(column).length > most)
        fault(column, 'too-long', `at most ${most} letters`, { most: String(most) });
    }
  }

  #project(sheet: SheetRow, fault: Fault): ProjectRecord | undefined {
    const text = sheet.text('project');
    if (text === '') {
      fault('project', 'missing', 'every camera belongs to a project: give its name');
      return undefined;
    }
    const { projects } = this.#context;
    const exact = projects.find(({ id, externalId }) => id === text || externalId === text);
    if (exact) return exact;
    const [first, second] = projects.filter(({ name }) => sameText(name, text));
    if (second) {
      fault('project', 'ambiguous-project', `two projects are called ${text}: give the tracker's id`, {
        text,
      });
      return undefined;
    }
    if (!first) this.#unknownProject(text, fault);
    return first;
  }

  #unknownProject(text: string, fault: Fault): void {
    let nearest = this.#nearest.get(text);
    if (nearest === undefined) {
      const names = this.#context.projects.map(({ name }) => name);
      nearest = nearestName(text, names);
      this.#nearest.set(text, nearest);
    }
    const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
    const values = { text, ...(nearest !== null && { nearest }) };
    fault('project', 'unknown-project', `there is no project ${text}${hint}`, values);
  }

  #addresses(
    sheet: SheetRow,
    fault: Fault,
  ): { onvif?: string; rtsp?: { main: string; sub: string | null }; address: string | null } {
    const onvifText = sheet.text('onvif');
    const mainText = sheet.text('rtspMain');
    if (onvifText !== '' && mainText !== '') {
      fault('rtspMain', 'two-addresses', 'give an ONVIF address or RTSP addresses, not both');
      return { address: null };
    }
    if (onvifText === '' && mainText === '') {
      fault('onvif', 'no-address', 'give the ONVIF address, such as 192.168.10.64, or an RTSP address');
      return { address: null };
    }
    if (onvifText !== '') {
      const onvif = this.#onvif(onvifText, fault);
      return onvif === undefined ? { address: null } : { onvif, address: onvif };
    }
    const main = this.#rtsp('rtspMain', mainText, fault);
    const subText = sheet.text('rtspSub');
    const sub = subText === '' ? null : this.#rtsp('rtspSub', subText, fault);
    if (main === undefined || sub === undefined) return { address: null };
    return { rtsp: { main, sub }, address: splitRtspAddress(main).url };
  }

  #onvif(text: string, fault: Fault): string | undefined {
    try {
      const { xaddrs, host } = hostTarget(text);
      this.#checkAllowed('onvif', host, fault);
      return xaddrs[0];
    } catch {
      fault('onvif', 'bad-address', `"${text}" is no address such as 192.168.10.64 or 192.168.10.64:8000`, {
        text,
      });
      return undefined;
    }
  }

  #rtsp(column: 'rtspMain' | 'rtspSub', text: string, fault: Fault): string | undefined {
    try {
      const { url } = splitRtspAddress(text);
      this.#checkAllowed(column, new URL(url).hostname.replaceAll(/^\[|\]$/g, ''), fault);
      return text.trim();
    } catch (error) {
      if (!isGatewayError(error, 'bad-request')) throw error;
      // Not repeated: a password may stand in it.
      fault(column, 'bad-address', 'this is no address such as rtsp://192.168.10.64:554/stream1');
      return undefined;
    }
  }

  /** Names are resolved, and judged, when the camera is first contacted. */
  #checkAllowed(column: RosterColumn, host: string, fault: Fault): void {
    if (isIP(host) === 0 || this.#context.allows(host)) return;
    const message = `${host} is outside the networks that this gateway may contact (discovery.allowedNetworks)`;
    fault(column, 'address-not-allowed', message, { host });
  }

  #signIn(
    sheet: SheetRow,
    fault: Fault,
  ): { credentialSetId: string } | { username: string; password: string } | object {
    const setName = sheet.text('credentialSet');
    const [username, password] = [sheet.text('username'), sheet.text('password')];
    if (setName === '') return username === '' && password === '' ? {} : { username, password };
    if (username !== '' || password !== '') {
      fault('credentialSet', 'two-sign-ins', 'give a credential set or user name and password, not both');
      return {};
    }
    const set = this.#context.credentialSets.find(({ name }) => sameText(name, setName));
    if (set) return { credentialSetId: set.id };
    const nearest = nearestName(
      setName,
      this.#context.credentialSets.map(({ name }) => name),
    );
    const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
    const values = { text: setName, ...(nearest !== null && { nearest }) };
    fault('credentialSet', 'unknown-credential-set', `there is no credential set ${setName}${hint}`, values);
    return {};
  }

  #enabled(sheet: SheetRow, fault: Fault): boolean {
    const text = sheet.text('enabled');
    if (text !== '' && !YES.test(text) && !NO.test(text))
      fault('enabled', 'bad-choice', `"${text}" is neither 是 (yes) nor 否 (no)`, { text });
    return !NO.test(text);
  }
}

type Fault = (
  column: RosterColumn,
  code: ImportErrorCode,
  message: string,
  values?: Record<string, string>,
) => void;

/** Enters what is wrong with a cell of the row into `errors`. */
export function faultOf(sheet: SheetRow, errors: ImportCellError[]): Fault {
  return (column, code, message, values = {}) => {
    errors.push({ ...sheet.place(column), code, message, values });
  };
}

function sameText(first: string, second: string): boolean {
  const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
  return plain(first) === plain(second);
}
