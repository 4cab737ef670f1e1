import type { Address } from '#protocol/line';
import { addressed } from '#protocol/line';
import { MEETING_FORMAT, MEETING_STATEMENT_FORMAT, MeetingCalled, MeetingStated } from '#protocol/meeting';
import type { MeetingItem, MeetingTold } from '#protocol/meeting-answers';
import { uuid7 } from './ids';
import { sealedWordsTo } from './own-words';
import { itemsOf } from './pages';
import { nowOf, type Partner } from './partner';
import { signedForm, written } from './writing';

/** A meeting as whoever administers it calls it. Codes are those of docs/codes.md. */
export type MeetingDescription = Pick<MeetingCalled, 'agreement' | 'kind' | 'joint' | 'chair' | 'on' | 'invited' | 'role'> & Partial<Pick<MeetingCalled, 'notification'>>;

/** What is stated of one. `words`: of a sign-in, name and contact details, sealed to whoever administers the meeting. */
export type MeetingSaid = Pick<MeetingStated, 'kind' | 'role'> & Partial<Pick<MeetingStated, 'for' | 'deputy' | 'details' | 'terms' | 'recipients' | 'purpose'>> & { words?: string };

const pathOf = (meeting: string): string => `/v1/meetings/${encodeURIComponent(meeting)}`;

/** Calls a meeting, signed. @throws ClientRefusal MEETING_INVALID, GatewayProblem with every reason */
export async function callMeeting(partner: Partner, described: MeetingDescription): Promise<MeetingTold> {
  const at = nowOf(partner);
  const statement = written(partner, MeetingCalled, { format: MEETING_FORMAT, id: uuid7(at), ...described }, { at, invalid: 'MEETING_INVALID' });
  return partner.connection.json<MeetingTold>({ path: '/v1/meetings', method: 'POST', body: await signedForm(partner, statement) });
}

/** Meetings in which we have a part, the oldest first. */
export const listMeetings = (partner: Pick<Partner, 'connection'>): AsyncGenerator<MeetingItem> => itemsOf(partner, '/v1/meetings', {});

/** One of them. @throws GatewayProblem */
export const readMeeting = ({ connection }: Pick<Partner, 'connection'>, meeting: string): Promise<MeetingTold> => connection.json<MeetingTold>({ path: pathOf(meeting) });

/** States something of a meeting, signed; words are sealed before they leave. @throws ClientRefusal, GatewayProblem with every reason */
export async function stateOfMeeting(partner: Partner, meeting: string, { words, ...said }: MeetingSaid): Promise<MeetingTold> {
  const at = nowOf(partner);
  const id = uuid7(at);
  const sealed = words === undefined ? undefined : await sealedWordsTo(partner, id, words, at, [...new Set([addressed(await administratorOf(partner, meeting)), `${partner.agency}/${partner.contact}`])]);
  const statement = written(partner, MeetingStated, { format: MEETING_STATEMENT_FORMAT, id, meeting, ...said, words: sealed?.named }, { at, invalid: 'MEETING_INVALID' });
  return partner.connection.json<MeetingTold>({ path: `${pathOf(meeting)}/statements`, method: 'POST', body: await signedForm(partner, statement, sealed?.octets) });
}

/** The contact that called it. */
async function administratorOf(partner: Partner, meeting: string): Promise<Address> {
  const { statement } = await readMeeting(partner, meeting);
  return (JSON.parse(Buffer.from(statement, 'base64').toString()) as MeetingCalled).by;
}
