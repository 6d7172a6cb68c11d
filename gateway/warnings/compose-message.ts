import { localDate, localTime } from '../base/local-time.ts';
import { isAcknowledged } from './incident.ts';
import type { IncidentRecord } from './incident.ts';
import type { Message } from './message.ts';
import { messageWords } from './message-words.ts';
import type { MessageWords } from './message-words.ts';
import { reasonWords } from './reason-words.ts';
import type { Language } from './reason-words.ts';

/** One thing to tell. */
export interface Item {
  incident: IncidentRecord;
  /** Name of the step of the escalation; null for the first message. */
  escalatedTo: string | null;
}

/** What the texts need to know beside the incidents. */
export interface ComposeContext {
  language: Language;
  timeZone: string;
  /** Without a slash at its end; null: no links. */
  publicUrl: string | null;
  nowMs: number;
  projectName(projectId: string): string;
  /** Cameras in use of a project. */
  cameraCount(projectId: string): number;
}

/** So many cameras of a project with the same reason share a line. */
const GROUP = 3;
const MOST_LINES = 20;
const DAY_MS = 86_400_000;

/** Puts all that is to be told into one message, worst first, cameras of a project with one reason in one line; pure. */
export function composeMessage(
  items: readonly Item[],
  context: ComposeContext,
): Omit<Message, 'id' | 'to' | 'at'> {
  const words = messageWords[context.language];
  const worst = items.reduce<Message['light']>((light, item) => worse(light, lightOf(item)), 'green');
  const lines = [...groups(items).values()]
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .flatMap((group) => linesOf(group, context, words));
  const projectIds = [...new Set(items.map(({ incident }) => incident.projectId))];
  const names = projectIds.map((projectId) => context.projectName(projectId));
  const where = names.length === 1 ? (names[0] ?? '') : words.manyProjects(names.length);
  const more = lines.length - MOST_LINES;
  return {
    title: words.title(worst, where, items.length),
    lines: more > 0 ? [...lines.slice(0, MOST_LINES), words.more(more)] : lines,
    light: worst,
    project: names.slice(0, 20).join(', '),
    count: items.length,
    link: linkOf(items, context.publicUrl),
    linkWord: words.open,
  };
}

const SEVERITY = { green: 0, yellow: 1, red: 2 } as const;
const worse = (a: Message['light'], b: Message['light']): Message['light'] =>
  SEVERITY[b] > SEVERITY[a] ? b : a;

function isOver({ incident }: Item): boolean {
  return incident.closedAtMs !== null;
}

function lightOf(item: Item): Message['light'] {
  return isOver(item) ? 'green' : item.incident.light;
}

function rankOf([first]: readonly Item[]): number {
  return first ? -SEVERITY[lightOf(first)] : 0;
}

/** Things of one project and one reason together; steps and escalations each by themselves. */
function groups(items: readonly Item[]): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const { kind, projectId, reasons, id } = item.incident;
    const alone = kind === 'step' ? id : '';
    const reason = isOver(item) ? 'over' : (reasons[0]?.code ?? '');
    const key = [projectId, lightOf(item), alone, reason, item.escalatedTo ?? ''].join('/');
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  return found;
}

function linesOf(group: readonly Item[], context: ComposeContext, words: MessageWords): string[] {
  const [first] = group;
  if (!first) return [];
  const up = first.escalatedTo === null ? '' : words.escalated(first.escalatedTo);
  const joined = group.length >= GROUP ? groupLine(group, first, context, words) : null;
  const lines = joined === null ? group.map((item) => itemLine(item, context, words)) : [joined];
  const mark = { red: '■ ', yellow: '▲ ', green: '' }[lightOf(first)];
  return lines.map((line) => `${mark}${up}${line}`);
}

function groupLine(
  group: readonly Item[],
  first: Item,
  context: ComposeContext,
  words: MessageWords,
): string {
  const { projectId, reasons } = first.incident;
  const project = context.projectName(projectId);
  const sinceMs = Math.min(...group.map(({ incident }) => incident.openedAtMs));
  const since = clockText(sinceMs, context);
  const count = group.length;
  if (isOver(first)) return words.overMany(project, count, since);
  const total = Math.max(count, context.cameraCount(projectId));
  const code = reasons[0]?.code ?? 'unreachable';
  if (code === 'unreachable' && count * 2 >= total) return words.siteDown({ project, count, total, since });
  const names = group
    .slice(0, 5)
    .map(({ incident }) => incident.subjectName)
    .join(', ');
  const { what, todo } = reasonWords[code][context.language];
  return words.cameras({ project, count, total, what, since, todo, names: count > 5 ? `${names} …` : names });
}

function itemLine(item: Item, context: ComposeContext, words: MessageWords): string {
  const { incident } = item;
  const project = context.projectName(incident.projectId);
  const from = clockText(incident.openedAtMs, context);
  if (incident.kind === 'step') return stepLine(item, project, context, words);
  if (incident.closedAtMs !== null) {
    const minutes = Math.max(1, Math.round((incident.closedAtMs - incident.openedAtMs) / 60_000));
    return words.over(project, incident.subjectName, from, words.duration(minutes));
  }
  const { what, todo } = reasonWords[incident.reasons[0]?.code ?? 'unreachable'][context.language];
  return `${words.camera(project, incident.subjectName, what, from, todo)}${remarks(incident, words)}`;
}

function stepLine({ incident }: Item, project: string, context: ComposeContext, words: MessageWords): string {
  const { subjectName, step } = incident;
  if (incident.closedAtMs !== null || !step) return words.stepOver(project, subjectName);
  const today = localDate(context.nowMs, context.timeZone);
  const days = Math.round((Date.parse(step.dueOn) - Date.parse(today)) / DAY_MS);
  const told =
    days < 0
      ? words.overdue(project, subjectName, -days, step.dueOn)
      : words.due(project, subjectName, days, step.dueOn);
  const who = step.unit === '' && step.owner === '' ? '' : words.responsible(step.unit, step.owner);
  return `${told}${who}${remarks(incident, words)}`;
}

function remarks(incident: IncidentRecord, words: MessageWords): string {
  const { relapses, acknowledged } = incident;
  const taken =
    acknowledged && isAcknowledged(incident)
      ? words.acknowledged(acknowledged.by.name, acknowledged.note)
      : '';
  return `${relapses > 0 ? words.relapses(relapses) : ''}${taken}`;
}

/** The camera's page where it is about one camera, else the first page. */
function linkOf(items: readonly Item[], publicUrl: string | null): string | null {
  if (publicUrl === null) return null;
  const [only, ...others] = items;
  if (only?.incident.kind === 'camera' && others.length === 0)
    return `${publicUrl}/cameras/${encodeURIComponent(only.incident.subjectId)}`;
  return `${publicUrl}/`;
}

/** `11-24 14:32` by the site's clock. */
function clockText(atMs: number, { timeZone }: ComposeContext): string {
  const { month, day, hour, minute } = localTime(atMs, timeZone);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}
