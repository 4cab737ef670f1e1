import { signDetached } from '#envelope/signatures';
import { MINUTE } from '#platform/clock';
import { uuid7 } from '#platform/ids';
import { readAgreements } from '#partnership/agreements';
import { settleAgreements } from '#partnership/in-force';
import type { Agreement } from '#policy/agreement';
import { Register } from '#register/register';
import { Reviews } from '#partnership/reviews';
import type { AgreementReport, AgreementTold } from '#protocol/agreement-answers';
import type { Answer, FormField, TestPartner } from './partner';
import type { World } from './partnership';

/** A statement about an agreement, signed. */
export async function aboutAgreement(world: World, who: TestPartner, agreement: string, kind: string, more: Record<string, unknown> = {}): Promise<FormField[]> {
  const stated = { format: 'waybill-agreement-statement/1', id: uuid7(), kind, agreement, role: 'coordinator', by: { agency: who.agency, contact: who.contact }, gateway: world.system.origin, at: world.clock.now().toISOString(), ...more };
  const octets = Buffer.from(JSON.stringify(stated));
  return [{ name: 'statement', octets }, { name: 'signature', octets: await signDetached({ octets, key: who.keys().key }) }];
}

export const stateOfAgreement = async (world: World, who: TestPartner, agreement: string, kind: string, more: Record<string, unknown> = {}): Promise<Answer> =>
  who.form('POST', `/v1/agreements/${agreement}/statements`, await aboutAgreement(world, who, agreement, kind, more));

export const agreementTold = async (who: TestPartner, agreement: string): Promise<AgreementTold> => (await who.get(`/v1/agreements/${agreement}`)).json as AgreementTold;

/** What the relay does by the clock, now. */
export const lookedAfter = async (world: World): Promise<void> => {
  const reviews = new Reviews({ database: world.system.database('relay'), clock: world.clock });
  await reviews.look();
  await reviews.count();
};

export const reportOf = async (who: TestPartner, agreement: string, query = ''): Promise<AgreementReport> => (await who.get(`/v1/agreements/${agreement}/report${query}`)).json as AgreementReport;

/** Duties about an agreement that are open, as `agency kind`. */
export const dutiesOfAgreement = async (world: World, agreement: string): Promise<string[]> =>
  (await world.db.owner.query<{ owner: string; kind: string }>('select owner, kind from waybill.duty where agreement = $1 and closed_at is null order by owner, kind', [agreement])).rows.map(({ owner, kind }) => `${owner} ${kind}`);

/** Another version, in a folder of profiles, that the parties of this world approve as the one in force asks. */
export async function approved(world: World, folder: string, agreement: string): Promise<void> {
  world.clock.advance(MINUTE);
  const { waiting } = await settleAgreements({ database: world.system.database('gateway'), register: new Register(), clock: world.clock }, readAgreements(folder));
  const { version, digest } = readAgreements(folder).get(agreement) as Agreement;
  for (const agency of waiting.find((each) => each.agreement === agreement)?.awaits ?? []) {
    const answer = await stateOfAgreement(world, world.partner(agency), agreement, 'approved', { version, digest });
    if (answer.status !== 200) throw new Error(`not approved: ${answer.body.toString()}`);
  }
}
