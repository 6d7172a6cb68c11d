/** A program that turns camera streams into live pictures, as the benchmark drives it. */
export interface Contender {
  name: string;
  /** More cameras than this are not given to it: one process for each does not fit the machine. */
  mostCameras: number;
  /** Starts it on these cameras; resolves when every one of them runs. */
  start(cameraUrls: readonly string[]): Promise<RunningContender>;
}

/** A contender at work. */
export interface RunningContender {
  /** Its processes now. */
  pids: () => Promise<number[]>;
  stop: () => Promise<void>;
}
