import { signDetached } from '#envelope/signatures';
import { uuid7 } from '#platform/ids';
import type { BreachTold } from '#protocol/breach-answers';
import type { World } from './partnership';
import type { Answer, FormField, TestPartner } from './partner';

type Fields = Record<string, unknown>;

const signed = async (who: TestPartner, made: Fields): Promise<FormField[]> => {
  const octets = Buffer.from(JSON.stringify(made));
  return [{ name: 'statement', octets }, { name: 'signature', octets: await signDetached({ octets, key: who.keys().key }) }];
};

/** One sound report of `who`, as it goes over the wire; each case of a test is a small change to it. */
export function breachReport(world: World, who: TestPartner, more: Fields = {}): Promise<FormField[]> {
  const now = world.clock.now().toISOString();
  const { id, version } = world.agreement;
  return signed(who, {
    format: 'waybill-breach-report/1', id: uuid7(), harm: 'no', by: { agency: who.agency, contact: who.contact }, role: 'practitioner', gateway: world.system.origin, at: now, agreement: { id, version },
    type: 'wrongly-disclosed', foundAt: now, awareAt: now, foundBy: 'own-staff', shares: [], ...more,
  });
}

export const sendReport = async (world: World, who: TestPartner, more: Fields = {}): Promise<Answer> => who.form('POST', '/v1/breaches', await breachReport(world, who, more));

/** Reports, and expects that it is taken. */
export async function reportBreach(world: World, who: TestPartner, more: Fields = {}): Promise<BreachTold> {
  const answer = await sendReport(world, who, more);
  if (answer.status !== 201) throw new Error(`refused: ${answer.body.toString()}`);
  return answer.json as BreachTold;
}

export const aboutBreach = (world: World, who: TestPartner, breach: string, kind: string, more: Fields = {}): Promise<FormField[]> =>
  signed(who, { format: 'waybill-breach-statement/1', id: uuid7(), kind, breach, by: { agency: who.agency, contact: who.contact }, role: 'practitioner', gateway: world.system.origin, at: world.clock.now().toISOString(), ...more });

export const stateBreach = async (world: World, who: TestPartner, breach: string, kind: string, more: Fields = {}): Promise<Answer> => who.form('POST', `/v1/breaches/${breach}/statements`, await aboutBreach(world, who, breach, kind, more));

/** States it, and expects that it is taken. Gives the state of the case. */
export async function stated(world: World, who: TestPartner, breach: string, kind: string, more: Fields = {}): Promise<string> {
  const answer = await stateBreach(world, who, breach, kind, more);
  if (answer.status !== 200) throw new Error(`${kind} refused: ${answer.body.toString()}`);
  return (answer.json as { state: string }).state;
}

export const breachCase = async (who: TestPartner, breach: string): Promise<BreachTold> => (await who.get(`/v1/breaches/${breach}`)).json as BreachTold;
export const codesOf = (answer: Answer): string[] => (answer.json.reasons as { code: string }[] | undefined)?.map(({ code }) => code) ?? [];

export interface DutyFound {
  kind: string;
  owner: string;
  role: string;
  contact: string | null;
  lane: string;
  step: number;
  due_at: Date;
  opened_at: Date;
  open: boolean;
}

export const dutiesOfCase = async (world: World, breach: string, kind?: string): Promise<DutyFound[]> =>
  (await world.db.owner.query<DutyFound>(
    'select kind, owner, owner_role as role, contact, lane, step, due_at, opened_at, closed_at is null as open from waybill.duty where breach = $1 and ($2::text is null or kind = $2) order by kind, owner, opened_at', [breach, kind ?? null])).rows;

/** What a controller's register says of a case, in the order in which it was recorded. */
export async function entriesOfCase(world: World, controller: string, breach: string): Promise<Record<string, unknown>[]> {
  const { rows } = await world.db.owner.query<{ octets: Buffer }>('select octets from waybill.entry where controller = $1 order by id', [controller]);
  return rows.map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>).filter((entry) => entry['breach'] === breach);
}
