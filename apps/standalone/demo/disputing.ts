import { ask } from '#client/asking';
import { acknowledge } from '#client/statements';
import { open } from '#client/mailbox';
import { send } from '#client/sharing';
import { stateOfRequest } from '#client/stating';
import { referenceOf } from '#inbox/item';
import { PEOPLE } from '../staff';
import { signedIn } from './listing';
import { arrived } from './sharing';
import { CASEWORK, FRONT_DOOR, PLANTED, referral, show, type Stage } from './stage';

const CO_ORDINATOR = PEOPLE.find(({ roles }) => roles.includes('co-ordinator')) as (typeof PEOPLE)[number];

/** Of (h): what the front door asked is refused with reasons, the two disagree, and whoever co-ordinates the agreement sees between whom, and nothing of what about. */
export async function disputing(stage: Stage): Promise<void> {
  const { sandbox, council, charity, say } = stage;
  const words = (text: string): Uint8Array => new Uint8Array(Buffer.from(`${PLANTED}\n${text}\n`));
  const asked = await ask(council, {
    ...referral(stage, { casework: {} }), asks: { type: 'enquiry', categories: [{ category: 'health', needToKnow: 'assesses-referral' }] }, sender: { ...FRONT_DOOR, role: 'social-worker' }, accuracy: { on: '2026-01-05', by: 'social-worker' },
    decision: { ...referral(stage, { casework: {} }).decision, by: FRONT_DOOR.contact, role: 'social-worker', reasons: ['protects-from-harm'] },
    parts: [{ octets: words('What do you know of her health?'), category: 'question', kind: 'fact', source: 'own-record' }], recipients: [{ ...CASEWORK, parts: { 'part-1': { needToKnow: 'works-with-person' } } }],
  });
  const { transfer: request } = await arrived(charity, asked.share);
  await acknowledge(charity, (await open(charity, request)).copy);
  const refused = await send(charity, {
    ...referral(stage, { casework: {} }), threads: { request }, answers: { categories: [{ category: 'health', answer: 'refused' }], reasons: ['not-necessary'], safetyConsidered: true }, sender: { ...CASEWORK, role: 'practitioner' },
    decision: { ...referral(stage, { casework: {} }).decision, by: CASEWORK.contact, role: 'practitioner', reasons: ['answers-request'] },
    parts: [{ octets: words('Her safety was considered; nothing here bears on it.'), category: 'reasons', kind: 'opinion', source: 'own-record' }], recipients: [{ ...FRONT_DOOR, parts: { 'part-1': { needToKnow: 'assesses-referral' } } }],
  });
  await acknowledge(council, (await open(council, (await arrived(council, refused.share)).transfer)).copy);
  await stateOfRequest(council, request, 'disputed', { role: 'spoc' });
  const page = await signedIn(`${sandbox.system.console?.origin}/sign-in?to=%2Fdisputes`, CO_ORDINATOR.staff, sandbox.system.keys.authority.certificate);
  show(page.includes(referenceOf('request', request)) && page.includes('Kingfisher Family Support') && !page.includes('health'), 'the co-ordinator sees which two disagree, and nothing of what about');
  say(`  What the front door then asked of ${CASEWORK.agency} was refused with reasons, and the two points of contact disagree. ${CO_ORDINATOR.name}, who co-ordinates the`);
  say(`  agreement, finds ${referenceOf('request', request)} under Disputes: between whom, since when, whom to ring. Of what about, or whom, nothing.`);
}
