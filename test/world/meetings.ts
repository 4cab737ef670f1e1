import { day } from '#platform/clock';
import type { MeetingTold } from '#protocol/meeting-answers';
import { form, head, type Said } from './matters';
import type { Answer, FormField, TestPartner } from './partner';
import type { World } from './partnership';

const address = (text: string): { agency: string; contact: string } => {
  const [agency = '', contact = ''] = text.split('/');
  return { agency, contact };
};

/** The call of a meeting. `invited`: `agency/contact` → reason. */
export const meetingCall = (world: World, who: TestPartner, chair: string, invited: Readonly<Record<string, string>>, fields: Record<string, unknown> = {}): Promise<FormField[]> => form(who, {
  ...head(world, who, 'waybill-meeting/1'), agreement: { id: world.agreement.id, version: world.agreement.version }, kind: 'case-meeting', joint: false, chair: address(chair), on: day(world.clock.now()),
  invited: Object.entries(invited).map(([to, reason]) => ({ ...address(to), reason })), ...fields,
}, {});

export const callMeeting = async (world: World, who: TestPartner, chair: string, invited: Readonly<Record<string, string>>, fields: Record<string, unknown> = {}): Promise<Answer> => who.form('POST', '/v1/meetings', await meetingCall(world, who, chair, invited, fields));

export const meetingStatement = (world: World, who: TestPartner, meeting: string, kind: string, said: Said = {}): Promise<FormField[]> =>
  form(who, { ...head(world, who, 'waybill-meeting-statement/1'), meeting, kind, ...said.fields }, said);

export const stateOfMeeting = async (world: World, who: TestPartner, meeting: string, kind: string, said: Said = {}): Promise<Answer> => who.form('POST', `/v1/meetings/${meeting}/statements`, await meetingStatement(world, who, meeting, kind, said));

export const meetingTold = async (who: TestPartner, meeting: string): Promise<MeetingTold> => (await who.get(`/v1/meetings/${meeting}`)).json as MeetingTold;
export { address };
