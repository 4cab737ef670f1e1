import type { Tx } from '#platform/database';
import type { Agreement } from '#policy/agreement';
import { type Demand, demandsOf, demandsOfPartnership, dueAgain, standingOf } from '#policy/attesting';
import { ATTESTATIONS } from '#policy/vocabulary/attestations';
import type { Attested } from '#protocol/membership';
import type { AttestationTold } from '#protocol/membership-answers';

// What was attested, as rows: the latest word of each kind.

interface Row {
  agency: string;
  agreement: string;
  what: string;
  on_day: string;
  due_day: string;
  link: string | null;
  digest: string | null;
}

const COLUMNS = 'what, on_day::text, due_day::text, link, digest';

/** What these agencies attested under an agreement. */
export const attestedBy = (tx: Tx, agreement: string, agencies: readonly string[]): Promise<Row[]> =>
  tx.query(`select agency, agreement, ${COLUMNS} from waybill.attestation where agreement = $1 and agency = any($2)`, [agreement, agencies]);

export const attestedByPartnership = (tx: Tx, agreement: string): Promise<Row[]> => tx.query(`select '' as agency, agreement, ${COLUMNS} from waybill.partnership_attestation where agreement = $1`, [agreement]);

/** Each thing that is wanted, with how it stands. Pure. */
export const attestationsTold = (demands: readonly Demand[], rows: readonly Row[], at: Date): AttestationTold[] =>
  demands.map(({ what, weight, clause, of, posts }): AttestationTold => {
    const row = rows.find((each) => each.what === what);
    return {
      what, says: ATTESTATIONS[what].says, weight, ...(clause !== undefined && { clause }), ...(of !== undefined && { of }), posts: [...posts], state: standingOf(row?.due_day, at.toISOString()),
      ...(row && { on: row.on_day, dueAgain: row.due_day }), ...(row?.link && { link: row.link }), ...(row?.digest && { digest: row.digest }),
    };
  });

/** What a party is to attest, and how it stands. */
export const ownAttestations = (agreement: Agreement, entry: string, rows: readonly Row[], at: Date): AttestationTold[] => attestationsTold(demandsOf(agreement, entry, at.toISOString()), rows, at);
export const partnershipsAttestations = (agreement: Agreement, rows: readonly Row[], at: Date): AttestationTold[] => attestationsTold(demandsOfPartnership(agreement), rows, at);

/** Enters what was attested in the place of what was before; of an older word the newer stays. */
export async function enterAttested(tx: Tx, agreement: Agreement, { what, on, until, link, reference, digest, covers }: Attested, by: { agency: string; contact: string } | 'partnership', at: Date): Promise<string> {
  const due = dueAgain(agreement, { what, on, ...(until !== undefined && { until }) });
  const own = by === 'partnership' ? [] : ([['agency', by.agency], ['contact', by.contact]] as const);
  const columns = Object.fromEntries([...own, ['agreement', agreement.id], ['what', what], ['on_day', on], ['due_day', due], ['until_day', until ?? null], ['link', link ?? null], ['reference', reference ?? null], ['digest', digest ?? null], ['covers', covers ?? []], ['at', at]]);
  const [table, key] = by === 'partnership' ? ['partnership_attestation', 'agreement, what'] : ['attestation', 'agency, agreement, what'];
  const names = Object.keys(columns);
  await tx.query(
    `insert into waybill.${table} as was (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})
     on conflict (${key}) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')} where was.on_day <= excluded.on_day`,
    Object.values(columns));
  return due;
}
