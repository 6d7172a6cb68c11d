import type { ChannelCreate, ChannelKind } from '../contract/notification.ts';

/** A channel without its secrets; kept as JSON beside them. */
export interface ChannelRecord {
  id: string;
  name: string;
  kind: ChannelKind;
  language: ChannelCreate['language'];
  messageType: ChannelCreate['messageType'];
  enabled: boolean;
  hostName: string;
  hasSecret: boolean;
  http: {
    method: 'POST' | 'PUT' | 'GET';
    bodyType: 'json' | 'form' | 'none';
    template: string;
    headerNames: string[];
  } | null;
  createdAtMs: number;
}

/** What of a channel is sealed at rest; held in the clear only while a message is sent. */
export interface ChannelSecrets {
  url: string;
  secret: string | null;
  headers: Record<string, string>;
}

/** A channel as it lies in the database. */
export interface StoredChannel {
  record: ChannelRecord;
  sealed: string;
}
