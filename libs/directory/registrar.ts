import type { Certificate } from '#envelope/certificates';
import { isDer } from '#envelope/parts';
import { type KeyStatement, verifyStatement } from '#envelope/key-statement';
import type { SmimeCertificate } from '#envelope/smime-certificates';
import { type Clock, day } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { insertRows } from '#platform/rows';
import { activate } from '#policy/activate';
import { type Agreement, entryNamed } from '#policy/agreement';
import type { Membership } from '#policy/parties';
import { sha256 } from '#protocol/digest';
import { hostOf } from '#register/checkpoint';
import type { EntryFields } from '#register/entry-kinds';
import { type NewEntry, openLog, type Register } from '#register/register';
import { eventRows, type SecurityEvent } from './security-events';
import { claimNames, keysOf, parsed, parsedSmime, requireKeyFor, requireSmimeFor } from './binding';
import type { Directory } from './directory';
import type { Checked, NewAgency, NewCertificate, NewContact, NewMembership, RecordedDomain } from './entered';
import { AgencyRow, CertificateRow, CoordinatorKeyRow, type MembershipRow } from './rows';

export interface RegistrarRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  /** Our own origin, `https://gateway.example`. */
  gateway: string;
  /** What follows in the same commit when somebody becomes a party, is declined or leaves. Absent: nothing falls due of it. */
  moved?(tx: Tx, of: { agency: string; agreement: string }, change: MembershipChange, at: Date): Promise<void>;
}

export type MembershipChange = 'activated' | 'declined' | 'withdrawn';

/** Writes the directory: a command's business, never a serving process's. Each change stands in the agency's own register. */
export class Registrar {
  constructor(private readonly rooms: RegistrarRooms) {}

  /** Pins the co-ordinator's certificate, whose statements vouch for every key from then on. */
  async pinCoordinator(certificate: Uint8Array): Promise<void> {
    const { fingerprint, octets } = await parsed(certificate);
    await this.rooms.database.transaction((tx) =>
      tx.query('insert into waybill.coordinator_key (fingerprint, octets, from_at) values ($1, $2, $3) on conflict (fingerprint) do nothing', [fingerprint, Buffer.from(octets), this.rooms.clock.now()]),
    );
  }

  admit(agency: NewAgency): Promise<void> {
    return this.change(agency.agency, agency.controller.id, 'admitted', undefined, async (tx, at) => {
      await tx.query('insert into waybill.controller_name (id, name) values ($1, $2) on conflict (id) do update set name = excluded.name', [agency.controller.id, agency.controller.name]);
      await openLog(tx, { controller: agency.controller.id, gateway: hostOf(this.rooms.gateway) });
      await tx.query('insert into waybill.agency (id, name, controller, types, public_authority, country, mail_domains, from_at) values ($1, $2, $3, $4, $5, $6, $7, $8)', [
        agency.agency, agency.name, agency.controller.id, [...agency.types], agency.publicAuthority ?? null, agency.country, [...(agency.mailDomains ?? [])], at,
      ]);
      await tx.query('insert into waybill.agency_name (agency, name, from_at) values ($1, $2, $3)', [agency.agency, agency.name, at]);
      for (const domain of agency.mailDomains ?? []) await enterDomain(tx, agency.agency, { domain, hosts: [], government: false }, at);
    });
  }

  async addContact(agency: string, contact: NewContact): Promise<void> {
    await this.change(agency, undefined, 'contact-added', undefined, (tx, at) =>
      tx.query('insert into waybill.contact (agency, id, kind, label, posts, desk, email, telephone, verified_on, cjsm, approved_on, collects, from_day) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)', [
        agency, contact.contact, contact.kind, contact.label, [...(contact.posts ?? [])], contact.desk ?? null, contact.email ?? null, contact.telephone ?? null, contact.verifiedOn ?? null,
        contact.cjsm ?? null, contact.approvedOn ?? null, contact.collects ?? true, day(at),
      ]),
    );
  }

  /** Enters what somebody looked into of a contact that is there. @throws Refusal NOT_FOUND */
  async checkContact(agency: string, { contact, verifiedOn, cjsm, approvedOn, collects }: Checked): Promise<void> {
    await this.change(agency, undefined, 'contact-checked', undefined, async (tx) => {
      const [, changed]: [unknown, number] = await tx.query(
        'update waybill.contact set verified_on = coalesce($3, verified_on), cjsm = coalesce($4, cjsm), approved_on = coalesce($5, approved_on), collects = coalesce($6, collects) where agency = $1 and id = $2',
        [agency, contact, verifiedOn ?? null, cjsm ?? null, approvedOn ?? null, collects ?? null],
      );
      if (changed !== 1) throw new Refusal({ code: 'NOT_FOUND' });
    });
  }

  /** Enters which hosts are a mail domain's, and has the domain looked at anew. One that the agency did not name is its own from now on. */
  async recordDomain(agency: string, recorded: RecordedDomain): Promise<void> {
    await this.change(agency, undefined, 'mail-domain-recorded', undefined, async (tx, at) => {
      await tx.query('update waybill.agency set mail_domains = mail_domains || $2::text where id = $1 and not $2::text = any(mail_domains)', [agency, recorded.domain]);
      await enterDomain(tx, agency, recorded, at);
    });
  }

  /** Binds the public key of a client certificate to an agency, from now on or a later day. `spki`: SHA-256 of the SubjectPublicKeyInfo, lower hex. */
  async bindClient(agency: string, spki: string, until: Date, later?: Date): Promise<void> {
    const row = await this.agencyRow(agency);
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      await tx.query('insert into waybill.client_certificate (spki, agency, from_at, until_at) values ($1, $2, $3, $4)', [spki, agency, later ?? at, until]);
      await this.record(tx, row.controller, at, 'key-bound', { agency, use: 'client', fingerprint: spki, from: day(later ?? at), until: day(until) });
    });
  }

  /**
   * Binds an OpenPGP or S/MIME certificate to a contact for one use. The co-ordinator's statement must hold for just this binding.
   * @throws Refusal KEY_NOT_VERIFIED with its cause; KEY_ID_TAKEN when another certificate of the directory has a key of that ID, or that name
   */
  async bindCertificate(wanted: NewCertificate): Promise<string> {
    const smime = isDer(wanted.certificate) ? parsedSmime(wanted.certificate) : undefined;
    const openpgp = smime ? undefined : await parsed(wanted.certificate);
    const certificate = (smime ?? openpgp) as SmimeCertificate | Certificate;
    const row = await this.agencyRow(wanted.agency);
    const at = this.rooms.clock.now();
    const { statement, signer } = await this.vouched(wanted, { fingerprint: certificate.fingerprint, ...(smime && { form: 'smime' }) }, at);
    if (openpgp) requireKeyFor(wanted.use, openpgp, at);
    if (smime) requireSmimeFor(wanted.use, smime, at);
    await this.rooms.database.transaction(async (tx) => {
      await tx.query(
        'insert into waybill.certificate (fingerprint, use, form, agency, contact, octets, statement, statement_signature, from_at, until_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
        [certificate.fingerprint, wanted.use, smime ? 'smime' : 'openpgp', wanted.agency, wanted.contact, Buffer.from(certificate.octets), Buffer.from(wanted.statement), Buffer.from(wanted.statementSignature), new Date(statement.from), new Date(statement.until)],
      );
      await claimNames(tx, certificate.fingerprint, smime ? smime.names.map((name) => ({ keyId: name, fingerprint: name })) : keysOf(certificate as Certificate));
      await this.record(tx, row.controller, at, 'key-bound', {
        agency: wanted.agency, contact: wanted.contact, use: wanted.use, ...(smime && { form: 'smime' }), fingerprint: certificate.fingerprint.toLowerCase(), statement: sha256(wanted.statement), signer: signer.toLowerCase(),
        from: statement.from.slice(0, 10), until: statement.until.slice(0, 10),
      });
    });
    return certificate.fingerprint;
  }

  /** Ends a certificate's every binding, at once. Transfers that were sealed to it are held when somebody tries to collect them. */
  async revokeCertificate(fingerprint: string, reason: string): Promise<void> {
    const rows = await this.rooms.database.source.manager.findBy(CertificateRow, { fingerprint });
    const [first] = rows;
    if (!first) throw new Refusal({ code: 'NOT_FOUND' });
    const agency = await this.agencyRow(first.agency);
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      await tx.query('update waybill.certificate set revoked_at = $2 where fingerprint = $1 and revoked_at is null', [fingerprint, at]);
      for (const row of rows) await this.record(tx, agency.controller, at, 'key-revoked', { agency: row.agency, contact: row.contact, use: row.use, ...(row.form === 'smime' && { form: row.form }), fingerprint: fingerprint.toLowerCase(), reason });
      await this.tellRevoked(tx, first.agency, rows.map(({ contact, use, form }) => ({ agency: first.agency, contact, use, form, fingerprint: fingerprint.toLowerCase(), reason })), at);
    });
  }

  async revokeClient(spki: string, reason: string): Promise<void> {
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const [rows]: [{ agency: string }[], number] = await tx.query('update waybill.client_certificate set revoked_at = $2 where spki = $1 and revoked_at is null returning agency', [spki, at]);
      const agency = rows[0]?.agency;
      if (!agency) return;
      await this.record(tx, (await this.agencyRow(agency)).controller, at, 'key-revoked', { agency, use: 'client', fingerprint: spki, reason });
      await insertRows(tx, [eventRows([{ agency, event: 'key-revoked', lane: 'urgent', facts: { agency, use: 'client', fingerprint: spki, reason } }], at)]);
    });
  }

  /**
   * Makes an agency an active party of an agreement, when all that the profile asks of a party is there (PD-04, PD-06, PD-14). Of one that
   * is a party already it enters what is on file now; what was before stays in the directory's past.
   * @throws Refusal with every thing that is missing and its next step
   */
  async activate(agreement: Agreement, agency: string, wanted: NewMembership): Promise<void> {
    const at = this.rooms.clock.now();
    const row = await this.agencyRow(agency);
    const parties = await this.rooms.database.transaction((tx) => this.rooms.directory.parties(tx, [agency], agreement, at));
    const party = parties.party(agency);
    if (!party) throw new Refusal({ code: 'NOT_FOUND' });
    // Who comes in as one of a represented sector is told as that, though its own file may not say so (PD-03).
    const representedBy = wanted.representedBy ?? entryNamed(agreement, wanted.entry)?.representedBy;
    const membership: Membership = { ...wanted, agreement: agreement.id, status: 'active', from: day(at), ...(representedBy && { representedBy }) };
    const missing = activate(agreement, { ...party, memberships: [...party.memberships.filter((each) => each.agreement !== agreement.id), membership] }, at.toISOString());
    if (missing.length > 0) throw new Refusal(missing.map(({ code, says, next, clauses }) => ({ code, says, next, facts: { clauses } })));
    await this.rooms.database.transaction(async (tx) => {
      await enterMembership(tx, agency, membership);
      await this.moved(tx, row.controller, { agency, agreement: agreement.id }, 'activated', at);
    });
  }

  /** Ends an agency's membership of an agreement, from now on: what it sent and received before stays as it was. @throws Refusal NOT_FOUND */
  withdraw(agreement: string, agency: string): Promise<void> {
    return this.end(agreement, agency, 'withdrawn', ['incomplete', 'active', 'consulted', 'held', 'suspended']);
  }

  /** Declines what an organisation asked for, with a code why: it stays no party, and may ask again. @throws Refusal NOT_FOUND where it asked for nothing */
  decline(agreement: string, agency: string, because: string): Promise<void> {
    return this.end(agreement, agency, 'declined', ['incomplete'], because);
  }

  /** Calls an organisation by another name from now on. What it was called before stays, with until when (PD-16). @throws Refusal NOT_FOUND */
  async rename(agency: string, name: string): Promise<void> {
    await this.change(agency, undefined, 'renamed', undefined, async (tx, at) => {
      await tx.query('update waybill.agency_name set until_at = $2 where agency = $1 and until_at is null', [agency, at]);
      await tx.query('insert into waybill.agency_name (agency, name, from_at) values ($1, $2, $3)', [agency, name, at]);
      await tx.query('update waybill.agency set name = $2 where id = $1', [agency, name]);
    });
  }

  /**
   * Enters which organisation took another's place, from which day: the other's memberships end, and what it has not collected goes back to
   * its senders, who are shown the successor. @throws Refusal NOT_FOUND of either
   */
  async succeed(agency: string, successor: string, on: string): Promise<void> {
    const [row, next] = [await this.agencyRow(agency), await this.agencyRow(successor)];
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      await tx.query('insert into waybill.succession (agency, successor, on_day) values ($1, $2, $3) on conflict (agency) do update set successor = excluded.successor, on_day = excluded.on_day', [agency, successor, on]);
      const [ended]: [{ agreement: string }[], number] = await tx.query(`update waybill.membership set status = 'withdrawn' where agency = $1 and status <> 'withdrawn' returning agreement`, [agency]);
      for (const { agreement } of ended) await this.moved(tx, row.controller, { agency, agreement }, 'withdrawn', at, 'succeeded');
      await this.record(tx, row.controller, at, 'party-changed', { agency, change: 'succeeded', on, successor });
      await this.record(tx, next.controller, at, 'party-changed', { agency: successor, change: 'succeeds', on, succeeds: agency });
    });
  }

  /** Ends a contact with the day before `on`: from that day it is reached no more, and holds no post. @throws Refusal NOT_FOUND */
  async endContact(agency: string, contact: string, on: string): Promise<void> {
    await this.change(agency, undefined, 'contact-ended', undefined, async (tx) => {
      const [, ended]: [unknown, number] = await tx.query('update waybill.contact set until_day = $3 where agency = $1 and id = $2 and (until_day is null or until_day > $3::date)', [agency, contact, on]);
      if (ended !== 1) throw new Refusal({ code: 'NOT_FOUND', says: 'There is no such contact, or it has ended.', next: 'Look at waybill directory show.' });
    });
  }

  private async end(agreement: string, agency: string, change: Exclude<MembershipChange, 'activated'>, from: readonly string[], because?: string): Promise<void> {
    const row = await this.agencyRow(agency);
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const [, changed]: [unknown, number] = await tx.query(`update waybill.membership set status = 'withdrawn' where agency = $1 and agreement = $2 and status = any($3)`, [agency, agreement, from]);
      if (changed !== 1) throw new Refusal({ code: 'NOT_FOUND', says: change === 'declined' ? 'It has not asked to join this agreement.' : 'It is no party of this agreement.', next: 'Look at waybill directory show.' });
      await this.moved(tx, row.controller, { agency, agreement }, change, at, because);
    });
  }

  private async moved(tx: Tx, controller: string, of: { agency: string; agreement: string }, change: MembershipChange, at: Date, because?: string): Promise<void> {
    await this.rooms.moved?.(tx, of, change, at);
    await this.record(tx, controller, at, 'party-changed', { ...of, change, on: day(at), because });
  }

  /**
   * Enters the contract under which the operator processes for an agency's controller, and with it what it is instructed to do: the agreements of which the
   * agency is an active party, as they stand (PD-17, RC-11). @throws EntryRefused, Refusal NOT_FOUND
   */
  async instruct(agency: string, { contract, on, until, agreements }: { contract: string; on: string; until?: string | undefined; agreements: ReadonlyMap<string, Agreement> }): Promise<EntryFields<'processor-instructed'>> {
    const row = await this.agencyRow(agency);
    return this.rooms.database.transaction(async (tx) => {
      const active: { agreement: string }[] = await tx.query(`select distinct agreement from waybill.membership where agency = $1 and status = 'active' order by 1`, [agency]);
      const instructions = active.flatMap(({ agreement }) => agreements.get(agreement) ?? []).map(({ id, version, digest }) => ({ id, version, digest }));
      const fields = { contract, on, until, instructions };
      await this.record(tx, row.controller, this.rooms.clock.now(), 'processor-instructed', fields);
      await tx.query('insert into waybill.processor_contract (controller, reference, on_day, until_day) values ($1, $2, $3, $4) on conflict do nothing', [row.controller, contract, on, until ?? null]);
      return fields;
    });
  }

  /** Whoever might seal to it or believe it: its own agency, and every party of an agreement that it is a party of. */
  private async tellRevoked(tx: Tx, agency: string, revoked: readonly SecurityEvent['facts'][], at: Date): Promise<void> {
    const others: { agency: string }[] = await tx.query(
      `select distinct o.agency from waybill.membership m join waybill.membership o using (agreement) where m.agency = $1 and m.status = 'active' and o.status = 'active' and o.agency <> $1 order by 1`, [agency]);
    const told = [agency, ...others.map((other) => other.agency)];
    await insertRows(tx, [eventRows(told.flatMap((each) => revoked.map((facts): SecurityEvent => ({ agency: each, event: 'key-revoked', lane: 'urgent', facts }))), at)]);
  }

  private async vouched(wanted: NewCertificate, certificate: Pick<KeyStatement, 'fingerprint' | 'form'>, at: Date) {
    const coordinators = await this.rooms.database.transaction((tx) => tx.find(CoordinatorKeyRow));
    for (const row of coordinators) {
      const coordinator = await parsed(row.octets);
      const verdict = await verifyStatement({
        octets: wanted.statement, signature: wanted.statementSignature, coordinator, at,
        expected: { agency: wanted.agency, contact: wanted.contact, ...certificate, use: wanted.use },
      });
      if (verdict.ok) return { statement: verdict.statement, signer: coordinator.fingerprint };
    }
    throw new Refusal({ code: 'KEY_NOT_VERIFIED', facts: { cause: 'unverified' }, next: 'Have the co-ordinator sign a statement for this agency, contact, fingerprint and use.' });
  }

  private async change(agency: string, controller: string | undefined, change: string, agreement: string | undefined, work: (tx: Tx, at: Date) => Promise<unknown>): Promise<void> {
    const own = controller ?? (await this.agencyRow(agency)).controller;
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      await work(tx, at);
      await this.record(tx, own, at, 'party-changed', { agency, agreement, change, on: day(at) });
    });
  }

  private async agencyRow(agency: string): Promise<AgencyRow> {
    const row = await this.rooms.database.source.manager.findOneBy(AgencyRow, { id: agency });
    if (!row) throw new Refusal({ code: 'NOT_FOUND' });
    return row;
  }

  private record<K extends 'key-bound' | 'key-revoked' | 'party-changed' | 'processor-instructed'>(tx: Tx, controller: string, at: Date, kind: K, fields: EntryFields<K>): Promise<unknown> {
    return this.rooms.register.record(tx, [{ kind, controller, at, fields } as NewEntry]);
  }
}

const enterDomain = (tx: Tx, agency: string, { domain, hosts, government }: RecordedDomain, at: Date): Promise<unknown> =>
  tx.query(
    `insert into waybill.mail_domain (agency, domain, hosts, government, check_at) values ($1, $2, $3, $4, $5)
     on conflict (agency, domain) do update set hosts = excluded.hosts, government = excluded.government, check_at = excluded.check_at`,
    [agency, domain, [...hosts], government, at],
  );

const ON_FILE = ['entry', 'status', 'scope_limit', 'privacy_assessed_on', 'controls_confirmed', 'signed_role', 'signed_on', 'signed_delegated', 'represented_by', 'accepted_on', 'acts_for', 'transfer_safeguards'] as const satisfies readonly (keyof MembershipRow)[];

async function enterMembership(tx: Tx, agency: string, membership: Membership): Promise<void> {
  const { agreement, entry, status, from, scopeLimit, privacyAssessedOn, controlsConfirmed, signed, representedBy, acceptedOn, actsFor, transferSafeguards } = membership;
  const onFile: Pick<MembershipRow, (typeof ON_FILE)[number]> = {
    entry, status, scope_limit: scopeLimit ?? null, privacy_assessed_on: privacyAssessedOn ?? null, controls_confirmed: controlsConfirmed ?? false,
    signed_role: signed?.role ?? null, signed_on: signed?.on ?? null, signed_delegated: signed?.delegated ?? null,
    represented_by: representedBy ?? null, accepted_on: acceptedOn ?? null, acts_for: [...(actsFor ?? [])], transfer_safeguards: transferSafeguards ?? null,
  };
  await tx.query(
    `insert into waybill.membership (agency, agreement, from_day, ${ON_FILE.join(', ')}) values ($1, $2, $3, ${ON_FILE.map((_, i) => `$${i + 4}`).join(', ')})
     on conflict (agency, agreement) do update set ${ON_FILE.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [agency, agreement, from, ...ON_FILE.map((name) => onFile[name])],
  );
}
