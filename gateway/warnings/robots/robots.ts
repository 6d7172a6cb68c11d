import type { ChannelKind } from '../../contract/notification.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import { genericHttp } from './generic-http.ts';
import type { Robot } from './order.ts';
import { wecom } from './wecom.ts';

/** How each kind of channel is spoken to. */
export const robots: Readonly<Record<ChannelKind, Robot>> = { wecom, dingtalk, feishu, http: genericHttp };
