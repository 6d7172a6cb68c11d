import type { Unsubscribe } from '../base/emitter.ts';
import type { Page } from '../contract/common.ts';
import type { Incident, IncidentQuery } from '../contract/incident.ts';
import type {
  ChannelCreate,
  ChannelPatch,
  ChannelTest,
  DeliveryQuery,
  RuleCreate,
  RulePatch,
} from '../contract/notification.ts';
import type { ChannelRecord } from '../warnings/channel-record.ts';
import type { Delivery } from '../warnings/delivery-store.ts';
import type { ChannelState } from '../warnings/dispatcher.ts';
import type { IncidentRecord } from '../warnings/incident.ts';
import type { RuleRecord } from '../warnings/rule-store.ts';

/** What the web needs of the messages to people. */
export interface WebWarnings {
  channels: {
    list(page: { limit: number; cursor?: string }): Page<ChannelRecord>;
    get(id: string): ChannelRecord | undefined;
    create(body: ChannelCreate): Promise<ChannelRecord>;
    patch(id: string, body: ChannelPatch): Promise<ChannelRecord>;
    remove(id: string): Promise<void>;
  };
  rules: {
    list(page: { limit: number; cursor?: string }): Page<RuleRecord>;
    create(body: RuleCreate): Promise<RuleRecord>;
    patch(id: string, body: RulePatch): Promise<RuleRecord>;
    remove(id: string): Promise<void>;
  };
  incidents: {
    list(query: IncidentQuery, projectIds: readonly string[] | null): Promise<Page<IncidentRecord>>;
    get(id: string): Promise<IncidentRecord | undefined>;
    acknowledge(
      id: string,
      by: NonNullable<Incident['acknowledged']>['by'],
      note: string,
    ): Promise<IncidentRecord>;
  };
  channelState(channelId: string): ChannelState;
  deliveries(query: DeliveryQuery): Promise<Page<Delivery>>;
  test(channelId: string): Promise<ChannelTest>;
  incidentView(record: IncidentRecord): Incident;
  onIncident(listener: (incident: Incident) => void): Unsubscribe;
}
