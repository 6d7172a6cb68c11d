import { problemCode, problemText } from '../api/problem-text.ts';
import { Lamp } from '../icons/lamp.tsx';
import type { Task } from './use-task.ts';

/** Why the last thing that a tool tried did not work. */
export function TaskFault({ task }: { task: Task }) {
  if (task.fault.value === null) return null;
  return (
    <p class="tool-fault" role="alert">
      <Lamp shape="bad" />
      <span>
        {problemText(task.fault.value)} <span class="mono">{problemCode(task.fault.value)}</span>
      </span>
    </p>
  );
}
