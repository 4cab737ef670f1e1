import { afterCollision } from '#exchange/collision';
import { requireMet } from '#exchange/entries';
import { heldOf } from '#exchange/meetings';
import { notificationOf } from '#exchange/notifications';
import { sealedTo } from '#exchange/own-words';
import { isKept, keepStated, keptTold, namedIn, readStated, type Signature, signatureOf, type StatementSent, type StatementWithWords, type StatingRooms } from '#exchange/signed-statement';
import type { Asker, Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import { callingUnmet, CONTACT_NOTICE, meetingUnmet } from '#policy/meetings';
import { sha256 } from '#protocol/digest';
import { MeetingCalled, MeetingStated, type MeetingStatementKind } from '#protocol/meeting';
import type { MeetingItem, MeetingPage, MeetingTold, PersonTold } from '#protocol/meeting-answers';
import type { EntryFields } from '#register/entry-kinds';

interface MeetingRow {
  id: string;
  agreement: string;
  agreement_version: string;
  kind: string;
  joint: boolean;
  administrator: string;
  chair: string;
  chair_contact: string;
  on_day: string;
  notification: string | null;
  confidentiality_at: Date | null;
  terms: string | null;
  octets: Buffer;
  signature: Buffer;
}

interface PersonRow {
  agency: string;
  contact: string;
  reason: string;
  items: string[] | null;
  deputises_for: string | null;
  signed_at: Date | null;
  details: 'shared' | 'objects' | null;
}

interface StatementRow {
  kind: MeetingStatementKind;
  agency: string;
  octets: Buffer;
  signature: Buffer;
  at: Date;
  words: Buffer | null;
}

const COLUMNS = 'id, agreement, agreement_version, kind, joint, administrator, chair, chair_contact, on_day::text as on_day, notification, confidentiality_at, terms, octets, signature';

/** Meetings of an agreement: who is invited and why, who was there, and what may become of their notes. */
export class Meetings {
  constructor(private readonly rooms: StatingRooms) {}

  /**
   * Calls a meeting, signed by whoever administers it. The very same again changes nothing.
   * @throws Refusal MEETING_INVALID, NO_COMMON_AGREEMENT, STATEMENT_DIFFERS, a gate code of the signature, and every code of `CALLING_MEETINGS`
   */
  call(asker: Asker, sent: StatementSent): Promise<MeetingTold> {
    const { database, directory, register, clock, gateway } = this.rooms;
    const at = clock.now();
    const called = readStated(MeetingCalled, sent, { agency: asker.agency, gateway, now: at, invalid: 'MEETING_INVALID' });
    return afterCollision(() => database.as(asker, async (tx) => {
      const signed = await signatureOf(tx, directory, asker, sent, at);
      const stands = await rowOf(tx, called.id);
      if (stands && sha256(stands.octets) !== sha256(sent.statement)) throw new Refusal({ code: 'STATEMENT_DIFFERS' });
      if (stands) return toldOf(tx, asker, stands);
      const agreement = this.rooms.agreements.get(called.agreement.id);
      const known = await addressesOf(tx, called.agreement.id, at);
      if (!agreement || ![...known].some((address) => address.startsWith(`${asker.agency}/`))) throw new Refusal({ code: 'NO_COMMON_AGREEMENT', pointer: '/agreement/id', says: 'The agency is no active party of this agreement.', next: 'Cite the agreement under which the meeting is held.' });
      const notified = called.notification === undefined ? {} : { notified: (await notificationOf(tx, { threads: { notification: called.notification }, agreement: called.agreement })) !== undefined };
      requireMet(callingUnmet({ agreement, called, known, ...notified, at: at.toISOString() }));
      await enter(tx, asker, { called, signed, version: agreement.version, at });
      const { id, by, role, kind, on, joint, notification, chair, invited } = called;
      const fields: EntryFields<'meeting-called'> = {
        meeting: id, ...namedIn(signed), by: asker.agency, contact: by.contact, role, agreement: { id: agreement.id, version: agreement.version }, about: kind, on, joint, notification, chair: chair.agency,
        invited: invited.map(({ agency, contact, reason }) => ({ agency, contact, reason })),
      };
      const controllers = await controllersOf(tx, partiesOf(called, asker.agency));
      await register.record(tx, controllers.map((controller) => ({ kind: 'meeting-called' as const, controller, at, fields })));
      return toldOf(tx, asker, (await rowOf(tx, id)) as MeetingRow);
    }), 'STATEMENT_DIFFERS');
  }

  /** Those in which the asker has a part, the oldest first. `after` is the `next` of the page before. */
  list(asker: Asker, page: { after?: string; limit: number }): Promise<MeetingPage> {
    return this.rooms.database.as(asker, async (tx) => {
      const rows: MeetingRow[] = await tx.query(`select ${COLUMNS} from waybill.meeting where $1 = any(parties) and ($2::uuid is null or id > $2) order by id limit $3`, [asker.agency, page.after ?? null, page.limit + 1]);
      return pageOf(rows, page.limit, itemOf, ({ id }) => id);
    });
  }

  /** @throws Refusal NOT_FOUND for whoever has no part in it */
  told(asker: Asker, id: string): Promise<MeetingTold> {
    return this.rooms.database.as(asker, async (tx) => toldOf(tx, asker, await found(tx, id)));
  }

  /**
   * What somebody states of a meeting, signed. The very same again changes nothing.
   * @throws Refusal NOT_FOUND, MEETING_INVALID, STATEMENT_DIFFERS, a gate code of signature or words, and every code of `STATING_OF_MEETINGS`
   */
  async state(asker: Asker, id: string, sent: StatementWithWords): Promise<MeetingTold> {
    const { database, directory, register, clock, gateway } = this.rooms;
    const at = clock.now();
    const { administrator } = await database.as(asker, (tx) => found(tx, id));
    const stated = readStated(MeetingStated, sent, { agency: asker.agency, gateway, now: at, invalid: 'MEETING_INVALID', about: { meeting: id } });
    const words = sent.words && (await sealedTo(this.rooms, { only: [asker.agency, administrator], reads: administrator, otherwise: 'WORDS_NOT_THEIRS' }, sent.words, stated.words, at));
    return afterCollision(() => database.as(asker, async (tx) => {
      const row = await found(tx, id);
      const signed = await signatureOf(tx, directory, asker, sent, at);
      if (await isKept(tx, 'meeting_statement', stated.id, sent)) return toldOf(tx, asker, row);
      const agreement = this.rooms.agreements.get(row.agreement);
      const meeting = await heldOf(tx, id);
      if (!agreement || !meeting) throw new Refusal({ code: 'NOT_FOUND' });
      const known = await addressesOf(tx, row.agreement, at);
      requireMet(meetingUnmet({ agreement, stated, meeting, administrator, deputyKnown: stated.deputy !== undefined && known.has(`${stated.deputy.agency}/${stated.deputy.contact}`), at: at.toISOString() }));
      await keepStated(tx, 'meeting_statement', id, asker, stated, signed, at);
      if (words) await tx.query('update waybill.meeting_statement set words = $2 where id = $1', [stated.id, Buffer.from(words)]);
      await EFFECTS[stated.kind](tx, stated, at);
      const { kind, by, role, deputy, details, terms, recipients, purpose } = stated;
      const fields: EntryFields<'meeting-stated'> = { meeting: id, ...namedIn(signed), by: asker.agency, contact: by.contact, role, stated: kind, deputy: deputy?.contact, details, terms, recipients, purpose, wordsSealed: stated.words?.sealed };
      await register.record(tx, (await controllersOf(tx, [asker.agency, administrator])).map((controller) => ({ kind: 'meeting-stated' as const, controller, at, fields })));
      return toldOf(tx, asker, await found(tx, id));
    }), 'STATEMENT_DIFFERS');
  }
}

/** What follows from a statement besides being kept and recorded. */
const EFFECTS: Record<MeetingStatementKind, (tx: Tx, stated: MeetingStated, at: Date) => Promise<unknown>> = {
  deputised: (tx, { meeting, for: invited, deputy }) => tx.query(
    'insert into waybill.meeting_person (meeting, agency, contact, reason, items, deputises_for) select meeting, agency, $4, reason, items, contact from waybill.meeting_person where meeting = $1 and agency = $2 and contact = $3',
    [meeting, invited?.agency, invited?.contact, deputy?.contact]),
  'confidentiality-stated': (tx, { meeting }, at) => tx.query('update waybill.meeting set confidentiality_at = coalesce(confidentiality_at, $2) where id = $1', [meeting, at]),
  'terms-attached': (tx, { meeting, terms }) => tx.query('update waybill.meeting set terms = $2 where id = $1', [meeting, terms]),
  'signed-in': (tx, { meeting, by, details }, at) => tx.query('update waybill.meeting_person set signed_at = coalesce(signed_at, $4), details = $5 where meeting = $1 and agency = $2 and contact = $3', [meeting, by.agency, by.contact, at, details]),
  'reuse-agreed': () => Promise.resolve(),
};

const partiesOf = ({ chair, invited }: MeetingCalled, administrator: string): string[] => [...new Set([administrator, chair.agency, ...invited.map(({ agency }) => agency)])].sort();

async function enter(tx: Tx, asker: Asker, { called, signed, version, at }: { called: MeetingCalled; signed: Signature; version: string; at: Date }): Promise<void> {
  const { id, agreement, kind, joint, chair, on, notification, invited } = called;
  await tx.query(
    `insert into waybill.meeting (id, agreement, agreement_version, kind, joint, administrator, chair, chair_contact, on_day, notification, parties, octets, signature, signer, signer_certificate, called_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [id, agreement.id, version, kind, joint, asker.agency, chair.agency, chair.contact, on, notification ?? null, partiesOf(called, asker.agency), signed.octets, signed.signature, signed.fingerprint, signed.certificate, at]);
  for (const { agency, contact, reason, items } of invited) await tx.query('insert into waybill.meeting_person (meeting, agency, contact, reason, items) values ($1, $2, $3, $4, $5)', [id, agency, contact, reason, items ?? null]);
}

/** Contacts of active parties today, as `agency/contact`. */
async function addressesOf(tx: Tx, agreement: string, at: Date): Promise<Set<string>> {
  const rows: { address: string }[] = await tx.query(
    `select c.agency || '/' || c.id as address from waybill.contact c join waybill.membership m on m.agency = c.agency and m.agreement = $1 and m.status = 'active' where c.from_day <= $2::date and (c.until_day is null or c.until_day > $2::date)`, [agreement, at]);
  return new Set(rows.map(({ address }) => address));
}

const controllersOf = async (tx: Tx, agencies: readonly string[]): Promise<string[]> =>
  ((await tx.query('select distinct controller from waybill.agency where id = any($1) order by 1', [agencies])) as { controller: string }[]).map(({ controller }) => controller);

const rowOf = async (tx: Tx, id: string): Promise<MeetingRow | undefined> => ((await tx.query(`select ${COLUMNS} from waybill.meeting where id = $1`, [id])) as MeetingRow[])[0];

/** @throws Refusal NOT_FOUND */
async function found(tx: Tx, id: string): Promise<MeetingRow> {
  const row = await rowOf(tx, id);
  if (!row) throw new Refusal({ code: 'NOT_FOUND' });
  return row;
}

const itemOf = (row: MeetingRow): MeetingItem => ({
  meeting: row.id, agreement: { id: row.agreement, version: row.agreement_version }, kind: row.kind, on: row.on_day, administrator: row.administrator, chair: { agency: row.chair, contact: row.chair_contact },
  ...(row.notification && { notification: row.notification }), confidentialityStated: row.confidentiality_at !== null,
});

async function toldOf(tx: Tx, asker: Asker, row: MeetingRow): Promise<MeetingTold> {
  const people: PersonRow[] = await tx.query('select agency, contact, reason, items, deputises_for, signed_at, details from waybill.meeting_person where meeting = $1 order by agency, contact', [row.id]);
  const statements: StatementRow[] = await tx.query('select kind, agency, octets, signature, at, words from waybill.meeting_statement where meeting = $1 order by at, id', [row.id]);
  const administers = asker.agency === row.administrator;
  const objects = new Set(people.filter(({ details }) => details === 'objects').map(({ agency }) => agency));
  const hidden = ({ agency }: { agency: string }): boolean => !administers && agency !== asker.agency && objects.has(agency);
  return {
    ...itemOf(row), joint: row.joint, ...(row.terms && { terms: row.terms }), notice: CONTACT_NOTICE,
    people: people.map((person): PersonTold => ({
      agency: person.agency, ...(hidden(person) && person.details === 'objects' ? {} : { contact: person.contact }), reason: person.reason, ...(person.items && { items: person.items }),
      ...(person.deputises_for && !hidden(person) && { deputisesFor: person.deputises_for }), ...(person.signed_at && { signedAt: person.signed_at.toISOString() }),
    })),
    partners: [...new Set(people.filter(({ signed_at }) => signed_at !== null).map(({ agency }) => agency))], statement: row.octets.toString('base64'), signature: row.signature.toString('base64'),
    // A sign-in names whoever signed: where that objects, it is shown to itself and to whoever administers the meeting alone.
    statements: statements.filter((each) => each.kind !== 'signed-in' || !hidden(each)).map((each) => ({ kind: each.kind, agency: each.agency, ...keptTold(each), ...(each.words && (administers || each.agency === asker.agency) && { words: each.words.toString('base64') }) })),
  };
}
