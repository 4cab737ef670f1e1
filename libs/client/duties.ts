import type { DutyClosed, DutyClosing, DutyTold } from '#protocol/duties';
import { json } from './form';
import { itemsOf } from './pages';
import type { Partner } from './partner';

type Asking = Pick<Partner, 'connection'>;

/** What we have to do, the soonest due first. `role`: only what that post has. @throws ClientRefusal, GatewayProblem */
export const duties = (partner: Asking, { role }: { role?: string | undefined } = {}): AsyncGenerator<DutyTold> => itemsOf(partner, '/v1/duties', role === undefined ? {} : { role });

/** Says that a duty is done, by whom, and what shows it. @throws GatewayProblem */
export const closeDuty = ({ connection }: Asking, duty: string, closing: DutyClosing): Promise<DutyClosed> =>
  connection.json({ path: `/v1/duties/${encodeURIComponent(duty)}/closing`, method: 'POST', body: json(closing) });
