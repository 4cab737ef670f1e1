import { NOTIFICATION_FORMAT, type NotificationKind, NotificationStated } from '#protocol/notification';
import type { NotificationItem, NotificationTold, PlacementTold } from '#protocol/notification-answers';
import { readJson } from '#protocol/json';
import { shaped } from '#protocol/read';
import { ClientRefusal } from './codes';
import { uuid7 } from './ids';
import { itemsOf } from './pages';
import { nowOf, type Partner } from './partner';
import { octetsIn, signatureCheck } from './signed-by';
import { signedForm, written } from './writing';

type Own = 'format' | 'id' | 'kind' | 'notification' | 'by' | 'gateway' | 'at';

/** What is said of a notification, besides who says it and when. Codes are those of docs/codes.md. */
export type NotificationSaid = Omit<NotificationStated, Own>;

/** Puts the first draft of a notification on record, signed; its id is the one that a share names, and a meeting. @throws ClientRefusal, GatewayProblem with every reason */
export const draftNotification = (partner: Partner, said: NotificationSaid): Promise<NotificationTold> => stated(partner, 'drafted', undefined, said);

/** States something of one, signed. @throws ClientRefusal, GatewayProblem with every reason */
export const stateNotification = (partner: Partner, notification: string, kind: NotificationKind, said: NotificationSaid): Promise<NotificationTold> => stated(partner, kind, notification, said);

/** Those in which we have a part, the oldest first. None says which provider it is about. */
export const listNotifications = (partner: Pick<Partner, 'connection'>): AsyncGenerator<NotificationItem> => itemsOf(partner, '/v1/notifications');

/** One, with each statement held to the agency that is said to have made it. @throws ClientRefusal STATEMENT_NOT_TRUSTED, ANSWER_INVALID, GatewayProblem */
export async function readNotification(partner: Partner, id: string): Promise<NotificationTold> {
  const path = `/v1/notifications/${encodeURIComponent(id)}`;
  const told = await partner.connection.json<NotificationTold>({ path });
  if (told.notification !== id || !Array.isArray(told.statements)) throw new ClientRefusal('ANSWER_INVALID', { path });
  const isSigned = signatureCheck(partner);
  for (const statement of told.statements) {
    const reading = shaped(NotificationStated, readJson(octetsIn(statement)));
    if (!reading.ok || reading.value.notification !== id || reading.value.kind !== statement.kind || reading.value.by.agency !== statement.agency) throw new ClientRefusal('STATEMENT_NOT_TRUSTED', { because: 'ABOUT_SOMETHING_ELSE' });
    if (!(await isSigned(statement.agency, statement))) throw new ClientRefusal('STATEMENT_NOT_TRUSTED', { because: 'SIGNATURE_WRONG' });
  }
  return told;
}

/** What we know of one provider when a placement is thought of: information, and no bar. @throws GatewayProblem */
export const lookUpProvider = ({ connection }: Pick<Partner, 'connection'>, { register, number }: { register: string; number: string }): Promise<PlacementTold> =>
  connection.json<PlacementTold>({ path: `/v1/notifications/placement?${new URLSearchParams({ register, number }).toString()}` });

async function stated(partner: Partner, kind: NotificationKind, notification: string | undefined, said: NotificationSaid): Promise<NotificationTold> {
  const at = nowOf(partner);
  const id = uuid7(at);
  const statement = written(partner, NotificationStated, { format: NOTIFICATION_FORMAT, id, kind, notification: notification ?? id, ...said }, { at, invalid: 'NOTIFICATION_INVALID' });
  const path = notification === undefined ? '/v1/notifications' : `/v1/notifications/${encodeURIComponent(notification)}/statements`;
  return partner.connection.json<NotificationTold>({ path, method: 'POST', body: await signedForm(partner, statement) });
}
