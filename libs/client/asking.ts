import type { AgeingReport } from '#protocol/ageing';
import type { RequestItem, RequestTold } from '#protocol/request-answers';
import { ClientRefusal } from './codes';
import type { ShareDescription } from './description';
import { itemsOf } from './pages';
import type { Partner } from './partner';
import { send, type SendOptions, type Sent } from './sharing';

/** An information request: a share that says what it asks. */
export type RequestDescription = ShareDescription & Required<Pick<ShareDescription, 'asks'>>;

/**
 * Asks for information: as a share is sent, with the question in words as a sealed part. Each recipient is asked for itself; the receipt's
 * transfers are the requests. @throws ClientRefusal, GatewayProblem
 */
export const ask = (partner: Partner, request: RequestDescription, options: SendOptions = {}): Promise<Sent> => send(partner, request, options);

/** As what requests are looked at. */
export type AskedAs = 'holder' | 'requester' | 'reviewer' | 'decider';

/** Information requests, the most pressing first. */
export const listRequests = (partner: Pick<Partner, 'connection'>, { as = 'holder', open = false }: { as?: AskedAs; open?: boolean } = {}): AsyncGenerator<RequestItem> =>
  itemsOf(partner, '/v1/requests', { as, ...(open ? { open: 'true' } : {}) });

/** One thread as the gateway tells it; what was signed comes along. @throws ClientRefusal ANSWER_INVALID, GatewayProblem */
export async function readRequest({ connection }: Pick<Partner, 'connection'>, id: string): Promise<RequestTold> {
  const path = `/v1/requests/${encodeURIComponent(id)}`;
  const told = await connection.json<RequestTold>({ path });
  if (told.request !== id || !Array.isArray(told.categories) || !Array.isArray(told.statements)) throw new ClientRefusal('ANSWER_INVALID', { path });
  return told;
}

/** How long what we asked has been open, for each whom we asked and each lane: counts. @throws ClientRefusal ANSWER_INVALID, GatewayProblem */
export async function ageingOfRequests({ connection }: Pick<Partner, 'connection'>): Promise<AgeingReport> {
  const path = '/v1/requests/ageing';
  const report = await connection.json<AgeingReport>({ path });
  if (!Array.isArray(report.items)) throw new ClientRefusal('ANSWER_INVALID', { path });
  return report;
}
