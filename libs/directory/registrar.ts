import { createHash } from 'node:crypto';
import { type Certificate, readCertificate } from '#envelope/certificates';
import { type KeyUse, verifyStatement } from '#envelope/key-statement';
import { type Clock, day } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { activate } from '#policy/activate';
import type { Agreement } from '#policy/agreement';
import { hostOf } from '#register/checkpoint';
import type { EntryFields } from '#register/entry-kinds';
import { type NewEntry, openLog, type Register } from '#register/register';
import type { Directory } from './directory';
import { AgencyRow, CertificateRow, CoordinatorKeyRow } from './rows';

export interface NewAgency {
  agency: string;
  name: string;
  controller: { id: string; name: string };
  types: readonly string[];
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** Domains in which its contacts' mail addresses lie. */
  mailDomains?: readonly string[];
}

export interface NewContact {
  contact: string;
  kind: 'team' | 'person' | 'mailbox';
  label: string;
  posts?: readonly string[];
  desk?: string;
  email?: string;
  telephone?: string;
  /** Day on which somebody checked that it reaches whom it says (MN-03). */
  verifiedOn?: string;
}

export interface NewMembership {
  agreement: string;
  entry: string;
  privacyAssessedOn?: string;
  controlsConfirmed?: boolean;
  scopeLimit?: string;
}

export interface NewCertificate {
  agency: string;
  contact: string;
  use: KeyUse;
  /** OpenPGP certificate, binary or armored. */
  certificate: Uint8Array;
  /** The co-ordinator's statement for it and its detached signature (wire.md section 6). */
  statement: Uint8Array;
  statementSignature: Uint8Array;
}

export interface RegistrarRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  /** Our own origin, `https://gateway.example`. */
  gateway: string;
}

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
      await tx.query('insert into waybill.agency (id, name, controller, types, country, mail_domains, from_at) values ($1, $2, $3, $4, $5, $6, $7)', [agency.agency, agency.name, agency.controller.id, [...agency.types], agency.country, [...(agency.mailDomains ?? [])], at]);
    });
  }

  async addContact(agency: string, contact: NewContact): Promise<void> {
    await this.change(agency, undefined, 'contact-added', undefined, (tx, at) =>
      tx.query('insert into waybill.contact (agency, id, kind, label, posts, desk, email, telephone, verified_on, from_day) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
        agency, contact.contact, contact.kind, contact.label, [...(contact.posts ?? [])], contact.desk ?? null, contact.email ?? null, contact.telephone ?? null, contact.verifiedOn ?? null, day(at),
      ]),
    );
  }

  /** Binds the public key of a client certificate to an agency, from now on. `spki`: SHA-256 of the SubjectPublicKeyInfo, lower hex. */
  async bindClient(agency: string, spki: string, until: Date): Promise<void> {
    const row = await this.agencyRow(agency);
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      await tx.query('insert into waybill.client_certificate (spki, agency, from_at, until_at) values ($1, $2, $3, $4)', [spki, agency, at, until]);
      await this.bump(tx, agency);
      await this.record(tx, row.controller, at, 'key-bound', { agency, use: 'client', fingerprint: spki, from: day(at), until: day(until) });
    });
  }

  /**
   * Binds an OpenPGP certificate to a contact for one use. The co-ordinator's statement must hold for just this binding.
   * @throws Refusal KEY_NOT_VERIFIED with its cause; KEY_ID_TAKEN when another certificate of the directory has a key of that ID
   */
  async bindCertificate(wanted: NewCertificate): Promise<string> {
    const certificate = await parsed(wanted.certificate);
    const row = await this.agencyRow(wanted.agency);
    const at = this.rooms.clock.now();
    const { statement, signer } = await this.vouched(wanted, certificate, at);
    await this.rooms.database.transaction(async (tx) => {
      await tx.query(
        'insert into waybill.certificate (fingerprint, use, agency, contact, octets, statement, statement_signature, from_at, until_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
        [certificate.fingerprint, wanted.use, wanted.agency, wanted.contact, Buffer.from(certificate.octets), Buffer.from(wanted.statement), Buffer.from(wanted.statementSignature), new Date(statement.from), new Date(statement.until)],
      );
      await claimKeyIds(tx, certificate);
      await this.bump(tx, wanted.agency);
      await this.record(tx, row.controller, at, 'key-bound', {
        agency: wanted.agency, contact: wanted.contact, use: wanted.use, fingerprint: certificate.fingerprint.toLowerCase(), statement: sha256(wanted.statement), signer: signer.toLowerCase(),
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
      await this.bump(tx, first.agency);
      for (const row of rows) await this.record(tx, agency.controller, at, 'key-revoked', { agency: row.agency, contact: row.contact, use: row.use, fingerprint: fingerprint.toLowerCase(), reason });
    });
  }

  async revokeClient(spki: string, reason: string): Promise<void> {
    await this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const [rows]: [{ agency: string }[], number] = await tx.query('update waybill.client_certificate set revoked_at = $2 where spki = $1 and revoked_at is null returning agency', [spki, at]);
      const agency = rows[0]?.agency;
      if (!agency) return;
      await this.bump(tx, agency);
      await this.record(tx, (await this.agencyRow(agency)).controller, at, 'key-revoked', { agency, use: 'client', fingerprint: spki, reason });
    });
  }

  /**
   * Makes an agency an active party of an agreement, when the profile's required contacts and preconditions are there (PD-06, PD-14).
   * @throws Refusal with every thing that is missing and its next step
   */
  async activate(agreement: Agreement, agency: string, wanted: NewMembership): Promise<void> {
    const at = this.rooms.clock.now();
    const row = await this.agencyRow(agency);
    const parties = await this.rooms.database.transaction((tx) => this.rooms.directory.parties(tx, [agency], agreement, at));
    const party = parties.party(agency);
    if (!party) throw new Refusal({ code: 'NOT_FOUND' });
    const membership = {
      agreement: agreement.id, entry: wanted.entry, status: 'active' as const, from: day(at),
      ...(wanted.privacyAssessedOn ? { privacyAssessedOn: wanted.privacyAssessedOn } : {}),
      ...(wanted.scopeLimit ? { scopeLimit: wanted.scopeLimit } : {}),
      controlsConfirmed: wanted.controlsConfirmed ?? false,
    };
    const missing = activate(agreement, { ...party, memberships: [...party.memberships.filter((each) => each.agreement !== agreement.id), membership] }, at.toISOString());
    if (missing.length > 0) throw new Refusal(missing.map(({ code, says, next, clauses }) => ({ code, says, next, facts: { clauses } })));
    await this.rooms.database.transaction(async (tx) => {
      await tx.query(
        `insert into waybill.membership (agency, agreement, entry, status, from_day, scope_limit, privacy_assessed_on, controls_confirmed) values ($1, $2, $3, 'active', $4, $5, $6, $7)
         on conflict (agency, agreement) do update set entry = excluded.entry, status = 'active', privacy_assessed_on = excluded.privacy_assessed_on, controls_confirmed = excluded.controls_confirmed`,
        [agency, agreement.id, wanted.entry, day(at), wanted.scopeLimit ?? null, wanted.privacyAssessedOn ?? null, wanted.controlsConfirmed ?? false],
      );
      await this.bump(tx, agency);
      await this.record(tx, row.controller, at, 'party-changed', { agency, agreement: agreement.id, change: 'activated', on: day(at) });
    });
  }

  private async vouched(wanted: NewCertificate, certificate: Certificate, at: Date) {
    const coordinators = await this.rooms.database.transaction((tx) => tx.find(CoordinatorKeyRow));
    for (const row of coordinators) {
      const coordinator = await parsed(row.octets);
      const verdict = await verifyStatement({
        octets: wanted.statement, signature: wanted.statementSignature, coordinator, at,
        expected: { agency: wanted.agency, contact: wanted.contact, fingerprint: certificate.fingerprint, use: wanted.use },
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
      if (!controller) await this.bump(tx, agency);
      await this.record(tx, own, at, 'party-changed', { agency, agreement, change, on: day(at) });
    });
  }

  private async agencyRow(agency: string): Promise<AgencyRow> {
    const row = await this.rooms.database.source.manager.findOneBy(AgencyRow, { id: agency });
    if (!row) throw new Refusal({ code: 'NOT_FOUND' });
    return row;
  }

  private bump(tx: Tx, agency: string): Promise<unknown> {
    return tx.query('update waybill.agency set version = version + 1 where id = $1', [agency]);
  }

  private record<K extends 'key-bound' | 'key-revoked' | 'party-changed'>(tx: Tx, controller: string, at: Date, kind: K, fields: EntryFields<K>): Promise<unknown> {
    return this.rooms.register.record(tx, [{ kind, controller, at, fields } as NewEntry]);
  }
}

const sha256 = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

async function parsed(octets: Uint8Array): Promise<Certificate> {
  const reading = await readCertificate(new Uint8Array(octets));
  if (!reading.ok) throw new Refusal({ code: reading.problem.code, facts: { cause: reading.problem.cause ?? 'weak' }, ...(reading.problem.detail ? { says: reading.problem.detail } : {}) });
  return reading.certificate;
}

/** Key IDs are unique across the directory: an addressee is one contact's or nobody's. */
async function claimKeyIds(tx: Tx, certificate: Certificate): Promise<void> {
  const keys = [...certificate.seal, ...certificate.sign].filter((key, i, all) => all.findIndex((each) => each.fingerprint === key.fingerprint) === i);
  for (const key of keys) {
    const taken: { fingerprint: string }[] = await tx.query('select fingerprint from waybill.certificate_key where key_id = $1', [key.keyId]);
    if (taken[0] && taken[0].fingerprint !== certificate.fingerprint) throw new Refusal({ code: 'KEY_ID_TAKEN', says: 'Another certificate of the directory has a key with this ID.', next: 'Make a new key pair.', facts: { keyId: key.keyId } });
    if (!taken[0]) await tx.query('insert into waybill.certificate_key (key_id, key_fingerprint, fingerprint) values ($1, $2, $3)', [key.keyId, key.fingerprint, certificate.fingerprint]);
  }
}
