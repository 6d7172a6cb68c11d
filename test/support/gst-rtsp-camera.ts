import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** GStreamer's RTSP server as a camera that no one here wrote; lives until `stop`. */
export class GstRtspCamera {
  readonly url: string;
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    this.url = `rtsp://127.0.0.1:${port}/live`;
  }

  static start(
    launch: string,
    options: {
      user?: string;
      password?: string;
      auth: 'digest' | 'basic' | 'none';
      port?: number;
      protocols?: 'any' | 'tcp' | 'udp';
    },
  ): Promise<GstRtspCamera> {
    const { user = 'viewer', password = 'gst-pass', auth, port = 0, protocols = 'any' } = options;
    const script = join(import.meta.dirname, 'gst-rtsp-server.py');
    const args = [
      '--launch',
      launch,
      '--path',
      '/live',
      '--port',
      String(port),
      '--user',
      user,
      '--password',
      password,
      '--auth',
      auth,
      '--protocols',
      protocols,
    ];
    const child = spawn('python3', [script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    return new Promise((resolve, reject) => {
      let said = '';
      let complaints = '';
      child.stderr.on('data', (chunk: Buffer) => {
        complaints = (complaints + chunk.toString()).slice(-4000);
      });
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const line = /^\{.*\}$/m.exec(said)?.[0];
        if (line !== undefined)
          resolve(new GstRtspCamera(child, (JSON.parse(line) as { port: number }).port));
      });
      child.once('exit', (code) =>
        reject(new Error(`the GStreamer server ended with ${code}: ${complaints}`)),
      );
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve());
    });
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** Launch lines of pictures that move and change, for `GstRtspCamera.start`. */
export const gstPictures = {
  h264: '( videotestsrc is-live=true pattern=ball ! video/x-raw,width=1280,height=720,framerate=25/1 ! clockoverlay time-format=%H:%M:%S ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 bitrate=1500 ! rtph264pay name=pay0 pt=96 )',
  h264WithBFrames:
    '( videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=480,framerate=15/1 ! clockoverlay time-format=%H:%M:%S ! x264enc bframes=2 b-adapt=false rc-lookahead=5 speed-preset=superfast key-int-max=15 ! rtph264pay name=pay0 pt=96 config-interval=1 )',
  h265: '( videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=20/1 ! clockoverlay time-format=%H:%M:%S ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max=20 ! rtph265pay name=pay0 pt=96 )',
  h264WithAac:
    '( videotestsrc is-live=true pattern=ball ! video/x-raw,width=960,height=540,framerate=25/1 ! clockoverlay time-format=%H:%M:%S ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph264pay name=pay0 pt=96 audiotestsrc is-live=true volume=0.1 ! audio/x-raw,rate=48000,channels=2 ! audioconvert ! avenc_aac ! rtpmp4gpay name=pay1 pt=97 )',
  h264WithLatm:
    '( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph264pay name=pay0 pt=96 audiotestsrc is-live=true wave=sine volume=0.1 ! audio/x-raw,rate=48000,channels=1 ! audioconvert ! avenc_aac ! rtpmp4apay name=pay1 pt=97 )',
  mjpegWithPcmu: `( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=640,height=480,framerate=10/1 ! jpegenc ! rtpjpegpay name=pay0 pt=26 ${tone(440)} ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0 )`,
  h264WithPcmu: withSound(
    `${tone(440)} ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0`,
  ),
  h264WithPcma: withSound(
    `${tone(660)} ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8`,
  ),
  h264WithG726: withSound(
    `${tone(550)} ! audio/x-raw,rate=8000,channels=1 ! audioconvert ! avenc_g726 bitrate=32000 ! rtpg726pay name=pay1 pt=97`,
  ),
  h264WithL16: withSound(
    `${tone(1000)} ! audio/x-raw,rate=44100,channels=2 ! audioconvert ! rtpL16pay name=pay1 pt=97`,
  ),
  h264WithOpus: withSound(
    `${tone(880)} ! audio/x-raw,rate=48000,channels=1 ! audioconvert ! opusenc ! rtpopuspay name=pay1 pt=97`,
  ),
} as const;

function tone(hz: number): string {
  return `audiotestsrc is-live=true wave=sine freq=${hz} volume=0.3`;
}

function withSound(sound: string): string {
  return `( videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=25/1 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 bitrate=600 ! rtph264pay name=pay0 pt=96 ${sound} )`;
}
