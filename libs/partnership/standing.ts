import type { Tx } from '#platform/database';
import type { Agreement } from '#policy/agreement';
import { loadKept } from '#policy/load';
import type { OnRecord } from '#policy/reviewing';
import type { Voice } from '#policy/speaking';
import type { AgreementStated, AgreementStatementKind } from '#protocol/agreement';

/** A version of an agreement, as its row has it. */
export interface VersionRow {
  agreement: string;
  digest: string;
  version: string;
  proposed_at: Date;
  approved_at: Date | null;
  in_force_at: Date | null;
}

/** What a party stated, as it is kept. */
export interface StatementRow {
  id: string;
  kind: AgreementStatementKind;
  agency: string;
  octets: Buffer;
  signature: Buffer;
  at: Date;
}

/** Its versions, that in force first; then those that wait, the newest first. */
export const versionsOf = (tx: Tx, agreement: string): Promise<VersionRow[]> =>
  tx.query('select * from waybill.agreement_amendment where agreement = $1 order by in_force_at desc nulls last, proposed_at desc', [agreement]);

/** Those that wait: proposed after what is in force, and never in force themselves. */
export const waitingAmong = (versions: readonly VersionRow[]): VersionRow[] => versions.filter((each) => each.in_force_at === null);

/** The active parties of an agreement, with the posts that their contacts hold today. */
export const voicesOf = (tx: Tx, agreement: string, at: Date): Promise<Voice[]> =>
  tx.query(
    `select m.agency, m.entry, array(select distinct p from waybill.contact c, unnest(c.posts) p where c.agency = m.agency and c.from_day <= $2::date and (c.until_day is null or c.until_day > $2::date)) as posts
     from waybill.membership m where m.agreement = $1 and m.status = 'active' order by m.agency`, [agreement, at]);

/** All that was stated of it, the oldest first: as row security lets the asker see it. */
export const statementsOf = (tx: Tx, agreement: string): Promise<StatementRow[]> => tx.query('select id, kind, agency, octets, signature, at from waybill.agreement_statement where agreement = $1 order by at, id', [agreement]);

export const statedIn = ({ octets }: Pick<StatementRow, 'octets'>): AgreementStated => JSON.parse(octets.toString()) as AgreementStated;

/** What its next review depends on. Of two statements the later day counts; of two signatures, the later word. Pure. */
export function onRecord(statements: readonly StatementRow[]): OnRecord {
  const days = (kind: AgreementStatementKind): (string | undefined)[] => statements.filter((each) => each.kind === kind).map((each) => statedIn(each).on);
  const last = (kind: AgreementStatementKind): string | undefined => days(kind).sort().at(-1);
  return { dated: days('dated').at(-1), reviewed: last('reviewed'), lawChanged: last('law-changed') };
}

/** Who approved a version. Pure. */
export const approvalsOf = (statements: readonly StatementRow[], digest: string): StatementRow[] => statements.filter((each) => each.kind === 'approved' && statedIn(each).digest === digest);

const READ = new Map<string, Agreement>();

/** A version as it was kept: the text from which decisions are made again years later. @throws Error where it is not kept */
export async function versionKept(tx: Tx, digest: string): Promise<Agreement> {
  const known = READ.get(digest);
  if (known) return known;
  const [row]: { octets: Buffer }[] = await tx.query('select octets from waybill.agreement_document where digest = $1', [digest]);
  if (!row) throw new Error('a version of an agreement was not kept');
  const agreement = loadKept(row.octets.toString());
  READ.set(digest, agreement);
  return agreement;
}
