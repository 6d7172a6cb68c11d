import { GatewayError } from '../../base/gateway-error.ts';

/** What the route's scope has loaded or the gate has let in; its lack is a mistake in the route's declaration. */
export function loaded<Thing>(thing: Thing | null | undefined): Thing {
  if (thing === null || thing === undefined)
    throw new GatewayError('internal', 'a route asks for what its scope does not load');
  return thing;
}
