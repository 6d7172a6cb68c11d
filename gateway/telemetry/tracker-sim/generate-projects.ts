import { GatewayError } from '../../base/gateway-error.ts';
import type { TrackerProjectInput } from '../payloads.ts';

/** A project as a tracker tells it: the last level of its topic and its payload. */
export interface ToldProject {
  externalId: string;
  body: TrackerProjectInput;
}

export interface GeneratorOptions {
  /** How many projects, at most 10,000. */
  projects: number;
  /** Steps of each project, at most 200. */
  steps: number;
  /** The same seed gives the same projects. */
  seed: number;
  /** Calendar date YYYY-MM-DD around which the steps lie: some are overdue, some due soon, some done. */
  today: string;
}

const DAY_MS = 86_400_000;
const DISTRICTS = ['红谷滩区', '青云谱区', '东湖区', '高新区', '经开区', '新建区'];
const SITES = [
  '赣江大桥',
  '综合医院',
  '第三中学',
  '科创园',
  '污水处理厂',
  '轨道交通4号线',
  '保障房',
  '物流枢纽',
];
const STEPS = [
  '立项批复',
  '用地预审',
  '规划许可',
  '施工许可',
  '桩基',
  '基坑支护',
  '主体结构',
  '封顶',
  '砌体',
  '幕墙',
];
const MORE_STEPS = ['机电安装', '室外工程', '消防验收', '竣工验收', '移交'];
const UNITS = ['市住建局', '市发改委', '市城投集团', '市自然资源局', '区政府'];
const OWNERS = ['王建国', '李敏', '张伟', '刘芳', '陈刚', '赵静'];

/** Makes the projects of a city with their chains of steps; pure. Throws `bad-request` for sizes that no tracker has. */
export function generateProjects({ projects, steps, seed, today }: GeneratorOptions): ToldProject[] {
  requireCount('projects', projects, 10_000);
  requireCount('steps', steps, 200);
  const random = seededRandom(seed);
  return Array.from({ length: projects }, (_, index) => projectOf(index, steps, today, random));
}

function requireCount(what: string, count: number, most: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= most) return;
  throw new GatewayError('bad-request', `the number of ${what} must be from 0 to ${most}, not ${count}`);
}

function projectOf(index: number, steps: number, today: string, random: () => number): ToldProject {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  const externalId = `SIM-${String(index + 1).padStart(4, '0')}`;
  // The chain begins up to a year before today and has a step each two to six weeks.
  let day = Math.round(-365 * random());
  const milestones = Array.from({ length: steps }, (_, step) => {
    day += 14 + Math.floor(random() * 28);
    const done = day < 0 && random() < 0.97;
    const names = [...STEPS, ...MORE_STEPS];
    return {
      id: `${externalId}-${step + 1}`,
      name: names[step] ?? `环节 ${step + 1}`,
      unit: pick(UNITS),
      owner: pick(OWNERS),
      dueOn: random() < 0.98 ? dateAfter(today, day) : null,
      doneOn: done ? dateAfter(today, Math.min(0, day + Math.floor(random() * 20) - 10)) : null,
    };
  });
  return {
    externalId,
    body: {
      name: `${pick(SITES)}${index + 1}号项目`,
      district: pick(DISTRICTS),
      unit: pick(UNITS),
      leader: pick(OWNERS),
      lat: Math.round((28.6 + random() * 0.2) * 1e5) / 1e5,
      lon: Math.round((115.8 + random() * 0.2) * 1e5) / 1e5,
      stage: '在建',
      milestones,
    },
  };
}

function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** mulberry32: numbers in [0, 1), the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
