import { Column, Entity, PrimaryColumn } from 'typeorm';

// Rows as SQL owns them (deploy/database/migrations/0002_directory.sql): read, never synchronised.

@Entity({ schema: 'waybill', name: 'controller_name' })
export class ControllerRow {
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
}

@Entity({ schema: 'waybill', name: 'agency' })
export class AgencyRow {
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
  @Column('text') controller: string;
  @Column('text', { array: true }) types: string[];
  @Column('text') country: string;
  @Column('text', { array: true }) mail_domains: string[];
  @Column('boolean', { nullable: true }) public_authority: boolean | null;
  @Column('bigint') version: string;
  @Column('timestamptz') from_at: Date;
  @Column('timestamptz', { nullable: true }) until_at: Date | null;
}

@Entity({ schema: 'waybill', name: 'membership' })
export class MembershipRow {
  @PrimaryColumn('text') agency: string;
  @PrimaryColumn('text') agreement: string;
  @Column('text') entry: string;
  @Column('text') status: 'incomplete' | 'active' | 'consulted' | 'held' | 'withdrawn' | 'suspended';
  @Column('date') from_day: string;
  @Column('date', { nullable: true }) until_day: string | null;
  @Column('text', { nullable: true }) scope_limit: string | null;
  @Column('date', { nullable: true }) privacy_assessed_on: string | null;
  @Column('boolean') controls_confirmed: boolean;
  @Column('text', { nullable: true }) signed_role: string | null;
  @Column('date', { nullable: true }) signed_on: string | null;
  @Column('boolean', { nullable: true }) signed_delegated: boolean | null;
  @Column('text', { nullable: true }) represented_by: string | null;
  @Column('date', { nullable: true }) accepted_on: string | null;
  @Column('text', { array: true }) acts_for: string[];
  @Column('date', { nullable: true }) transfer_safeguards: string | null;
}

@Entity({ schema: 'waybill', name: 'attestation' })
export class AttestationRow {
  @PrimaryColumn('text') agency: string;
  @PrimaryColumn('text') agreement: string;
  @PrimaryColumn('text') what: string;
  @Column('date') on_day: string;
  @Column('date') due_day: string;
}

@Entity({ schema: 'waybill', name: 'contact' })
export class ContactRow {
  @PrimaryColumn('text') agency: string;
  @PrimaryColumn('text') id: string;
  @Column('text') kind: 'team' | 'person' | 'mailbox';
  @Column('text') label: string;
  @Column('text', { array: true }) posts: string[];
  @Column('text', { nullable: true }) desk: string | null;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text', { nullable: true }) telephone: string | null;
  @Column('date', { nullable: true }) verified_on: string | null;
  @Column('boolean', { nullable: true }) cjsm: boolean | null;
  @Column('date', { nullable: true }) approved_on: string | null;
  @Column('boolean') collects: boolean;
  @Column('date') from_day: string;
  @Column('date', { nullable: true }) until_day: string | null;
}

@Entity({ schema: 'waybill', name: 'mail_domain' })
export class MailDomainRow {
  @PrimaryColumn('text') agency: string;
  @PrimaryColumn('text') domain: string;
  @Column('text', { array: true }) hosts: string[];
  @Column('boolean') government: boolean;
  @Column('text', { nullable: true }) tls: '1.2' | '1.3' | null;
  @Column('timestamptz', { nullable: true }) found_at: Date | null;
  @Column('timestamptz', { nullable: true }) lapsed_at: Date | null;
  @Column('text', { nullable: true }) fault: string | null;
}

@Entity({ schema: 'waybill', name: 'certificate' })
export class CertificateRow {
  @PrimaryColumn('text') fingerprint: string;
  @PrimaryColumn('text') use: 'seal' | 'sign';
  @Column('text') form: 'openpgp' | 'smime';
  @Column('text') agency: string;
  @Column('text') contact: string;
  @Column('bytea') octets: Buffer;
  @Column('bytea') statement: Buffer;
  @Column('bytea') statement_signature: Buffer;
  @Column('timestamptz') from_at: Date;
  @Column('timestamptz') until_at: Date;
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
}

@Entity({ schema: 'waybill', name: 'client_certificate' })
export class ClientCertificateRow {
  @PrimaryColumn('text') spki: string;
  @Column('text') agency: string;
  @Column('timestamptz') from_at: Date;
  @Column('timestamptz') until_at: Date;
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
}

@Entity({ schema: 'waybill', name: 'coordinator_key' })
export class CoordinatorKeyRow {
  @PrimaryColumn('text') fingerprint: string;
  @Column('bytea') octets: Buffer;
  @Column('timestamptz') from_at: Date;
  @Column('timestamptz', { nullable: true }) until_at: Date | null;
}

export const DIRECTORY_ROWS = [ControllerRow, AgencyRow, MembershipRow, AttestationRow, ContactRow, MailDomainRow, CertificateRow, ClientCertificateRow, CoordinatorKeyRow];
