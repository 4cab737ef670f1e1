import { signDetached } from '#envelope/signatures';
import { uuid7 } from '#platform/ids';
import { type Agreement, term } from '#policy/agreement';
import type { Example } from './example';
import type { Answer, Composed, FormField, TestPartner } from './partner';
import { eventually, type World } from './partnership';

/** Those who have a part in a notification, in the examples of the agreement that knows some. */
export const [ISSUER, CIRCULATOR, HOST] = ['fell-side-council', 'nwadcs', 'stockport-council'] as const;
export const [SCHOOL, POLICE] = ['moss-lane-primary', 'marl-police'] as const;
export const OUTSIDER = 'far-shire-council';

const DAY_MS = 86_400_000;
export const daysFrom = (at: Date, days: number): string => new Date(at.getTime() + days * DAY_MS).toISOString().slice(0, 10);

/** Wherever agencies with keys are. */
interface Within { world: World }

/** In the world of another agreement: makes two of its agencies members of the one that knows notifications, as issuer and circulator. */
export async function notifying({ world }: Within, issuer: string, circulator: string): Promise<Record<string, unknown>> {
  const { id, version } = [...world.system.agreements.values()].find((each) => term(each, 'notification.enabled') === true) as Agreement;
  for (const [agency, entry] of [[issuer, 'local-authorities'], [circulator, 'coordinator']]) {
    await world.db.owner.query(`insert into waybill.membership (agency, agreement, entry, status, from_day) values ($1, $2, $3, 'active', '2020-01-01')`, [agency, id, entry]);
  }
  return { ...draftFields({ world }), agreement: { id, version }, officer: { contact: world.partner(issuer).contact, role: 'lead-officer', on: daysFrom(world.clock.now(), 0) } };
}

/** The form of a first draft of anybody's. */
export const firstDraft = (within: Within, agency: string, fields: Record<string, unknown>): Promise<FormField[]> => {
  const id = uuid7();
  return notificationForm(within, within.world.partner(agency), 'drafted', id, { id, ...fields });
};

/** A statement about a notification, signed. */
export async function notificationForm({ world }: Within, who: TestPartner, kind: string, notification: string, fields: Record<string, unknown> = {}): Promise<FormField[]> {
  const stated = {
    format: 'waybill-notification/1', id: uuid7(), kind, notification, by: { agency: who.agency, contact: who.contact }, role: 'responsible-manager', gateway: world.system.origin, at: world.clock.now().toISOString(), ...fields,
  };
  const octets = Buffer.from(JSON.stringify(stated));
  return [{ name: 'statement', octets }, { name: 'signature', octets: await signDetached({ octets, key: who.keys().key }) }];
}

/** States something of one. */
export const stateOf = async (example: Example, agency: string, kind: string, notification: string, fields: Record<string, unknown> = {}): Promise<Answer> => {
  const who = example.world.partner(agency);
  return who.form('POST', `/v1/notifications/${notification}/statements`, await notificationForm(example, who, kind, notification, fields));
};

/** All that a draft says. */
export const draftFields = ({ world }: Within): Record<string, unknown> => ({
  agreement: { id: world.agreement.id, version: world.agreement.version }, provider: { register: 'ofsted-social-care', number: 'SC123456', kind: 'childrens-social-care' }, purpose: 'manage-risk',
  necessity: 'risk-across-areas', proportionate: true, notFor: ['performance-management', 'contractual-dispute', 'undue-influence'], officer: { contact: 'placements', role: 'lead-officer', on: daysFrom(world.clock.now(), 0) },
  impact: { novel: false }, provided: { told: true }, reviewOn: daysFrom(world.clock.now(), 60),
});

/** Puts a first draft on record. */
export const draft = async (example: Example, fields: Record<string, unknown> = {}): Promise<Answer> => example.world.partner(ISSUER).form('POST', '/v1/notifications', await firstDraft(example, ISSUER, { ...draftFields(example), ...fields }));

/** What turns the agreement's example into a share of the issuer's to whoever circulates. */
export const TO_CIRCULATOR: Record<string, unknown> = {
  '/sender': ISSUER, '/manifest/sender': { agency: ISSUER, contact: 'placements', role: 'lead-officer' }, '/lines/4/recipient': { agency: ISSUER, contact: 'placements' }, '/lines/4/decider': 'placements', '/lines/4/role': 'lead-officer',
  '/lines/3/recipient': { agency: CIRCULATOR, contact: 'circulation' }, '/lines/0/recipient': { agency: CIRCULATOR, contact: 'circulation' }, '/lines/1/recipient': { agency: CIRCULATOR, contact: 'circulation' }, '/lines/2': null,
};

/** Drafts one and submits it with its text. @throws Error where something is refused */
export async function submitted(example: Example, fields: Record<string, unknown> = {}): Promise<{ notification: string; share: Composed; transfer: string }> {
  const drafted = await draft(example, fields);
  if (drafted.status !== 201) throw new Error(drafted.body.toString());
  const { notification } = drafted.json as { notification: string };
  const { share, receipt } = await example.send({ ...TO_CIRCULATOR, '/manifest/threads': { notification } });
  const answer = await stateOf(example, ISSUER, 'submitted', notification, { share: share.id });
  if (answer.status !== 200) throw new Error(answer.body.toString());
  return { notification, share, transfer: receipt.transfers[0]?.transfer ?? '' };
}

/** And circulates it to the school and the police. @throws Error where something is refused */
export async function circulated(example: Example, fields: Record<string, unknown> = {}): Promise<{ notification: string; share: Composed; transfers: Map<string, string>; submission: string; submittedAs: Composed }> {
  const { notification, transfer: submission, share: submittedAs } = await submitted(example, fields);
  const { share, receipt } = await example.send({
    '/manifest/threads': { notification }, '/lines/0/recipient': { agency: POLICE, contact: 'public-protection' }, '/lines/1/recipient': { agency: POLICE, contact: 'public-protection' }, '/lines/3/recipient': { agency: POLICE, contact: 'public-protection' },
  });
  const answer = await stateOf(example, CIRCULATOR, 'circulated', notification, { share: share.id });
  if (answer.status !== 200) throw new Error(answer.body.toString());
  return { notification, share, submission, submittedAs, transfers: new Map(receipt.transfers.map(({ recipient, transfer }) => [recipient.agency, transfer])) };
}

interface DutyShown { kind: string; notification?: string; duty: string; dueAt: string; overdue: boolean }

/** Kinds of the open duties that an agency has about a notification. */
export const dutiesAbout = async (example: Example, agency: string, notification: string): Promise<DutyShown[]> =>
  ((await example.world.partner(agency).get('/v1/duties?limit=200')).json as { items: DutyShown[] }).items.filter((each) => each.notification === notification);

export const dutyAbout = (example: Example, agency: string, notification: string, kind: string): Promise<DutyShown> =>
  eventually(async () => (await dutiesAbout(example, agency, notification)).find((each) => each.kind === kind));

/** What an agency's register says of it. */
export async function recordedOf({ world }: Example, controller: string, notification: string, kind = 'notification-stated'): Promise<Record<string, unknown>[]> {
  const { rows } = await world.db.owner.query<{ octets: Buffer }>('select octets from waybill.entry where controller = $1 and kind = $2 order by id', [controller, kind]);
  return rows.map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>).filter((entry) => entry['notification'] === notification);
}

export const told = async ({ world }: Example, agency: string, notification: string): Promise<Answer> => world.partner(agency).get(`/v1/notifications/${notification}`);
