/** The streams of one session. */
export type TrackName = 'video' | 'audio';

/** Where packets go; the bytes are `buffer[start…end)`. */
export interface PacketSink {
  onRtp(track: TrackName, buffer: Buffer, start: number, end: number): void;
  onRtcp(track: TrackName, buffer: Buffer, start: number, end: number): void;
}

/** The way of the packets of one session, on the RTSP connection or in datagrams (RFC 2326 section 12.39). */
export interface PacketTransport {
  readonly kind: 'tcp' | 'udp';
  /** Makes ready for a track; gives the Transport header that asks for it. Throws `camera-offline` without free ports. */
  offer(track: TrackName): Promise<string>;
  /** Takes the Transport header of the camera’s answer. */
  settle(track: TrackName, answer: string): void;
  /** Forgets a track that the camera did not grant. */
  drop(track: TrackName): void;
  /** Called before PLAY: opens the way through address translators and firewalls. */
  openWay(): void;
  sendRtcp(track: TrackName, packet: Buffer): void;
  /** Bytes that came beside the RTSP connection. */
  readonly bytesReceived: number;
  close(): void;
}
