import { type Clock, DAY } from '#platform/clock';
import type { Asker, Database } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import type { OversightCounts, OversightDigest } from '#protocol/membership-answers';
import type { EntryKind } from '#register/entry-kinds';
import { attestedBy, ownAttestations } from './attested';

/** Days that a digest is about, where nobody says since when. Ours: a quarter, as often as it is read. */
export const OVERSIGHT_DAYS = 92;

const OF_AGREEMENT = 'join waybill.share s on s.sender = t.sender and s.id = t.share and s.agreement = $2';
const WITHIN = (column: string): string => `${column} >= $3 and ${column} < $4`;
/** Entries of the asker's own register: of kinds that name the agreement. */
const RECORDED = (kind: EntryKind): string => `from waybill.entry where controller = $1 and kind = '${kind}' and ${WITHIN('at')} and coalesce(convert_from(octets, 'UTF8')::jsonb #>> '{agreement,id}', convert_from(octets, 'UTF8')::jsonb ->> 'agreement') = $2`;

/** Each count, of what row-level security shows the asker alone. `$1` agency, or its controller; `$2` agreement; from `$3` until `$4`. */
const COUNTS: Record<keyof OversightCounts, { of: 'agency' | 'controller'; rows: string }> = {
  sharesSent: { of: 'agency', rows: `from waybill.share where sender = $1 and agreement = $2 and ${WITHIN('accepted_at')}` },
  sharesReceived: { of: 'agency', rows: `from waybill.transfer t ${OF_AGREEMENT} where t.recipient = $1 and ${WITHIN('t.accepted_at')}` },
  refused: { of: 'controller', rows: RECORDED('share-refused') },
  notShared: { of: 'controller', rows: RECORDED('not-shared') },
  returned: { of: 'agency', rows: `from waybill.transfer t ${OF_AGREEMENT} where $1 in (t.sender, t.recipient) and t.state = 'returned' and ${WITHIN('t.ended_at')}` },
  undeliverable: { of: 'agency', rows: `from waybill.transfer t ${OF_AGREEMENT} where t.sender = $1 and t.state = 'undeliverable' and ${WITHIN('t.ended_at')}` },
  requestsPut: { of: 'agency', rows: `from waybill.request where requester = $1 and agreement = $2 and ${WITHIN('opened_at')}` },
  requestsReceived: { of: 'agency', rows: `from waybill.request where holder = $1 and agreement = $2 and ${WITHIN('opened_at')}` },
  requestsDeclined: { of: 'agency', rows: `from waybill.request where holder = $1 and agreement = $2 and state = 'declined' and ${WITHIN('opened_at')}` },
};

/** What whoever oversees an agreement for a party looks at: numbers of what went and came, and what is overdue (PD-07, AU-05). */
export class Oversight {
  constructor(private readonly rooms: { database: Database; clock: Clock; agreements: ReadonlyMap<string, Agreement> }) {}

  /** @throws Refusal NOT_FOUND where the asker has no place in the agreement */
  digest(asker: Asker, id: string, since?: Date): Promise<OversightDigest> {
    const until = this.rooms.clock.now();
    const from = since ?? new Date(until.getTime() - OVERSIGHT_DAYS * DAY);
    const agreement = this.rooms.agreements.get(id);
    return this.rooms.database.as(asker, async (tx) => {
      const [row]: { entry: string }[] = await tx.query('select entry from waybill.membership where agency = $1 and agreement = $2', [asker.agency, id]);
      if (!agreement || !row) throw new Refusal({ code: 'NOT_FOUND' });
      const counts: Partial<OversightCounts> = {};
      for (const [name, { of, rows }] of Object.entries(COUNTS) as [keyof OversightCounts, (typeof COUNTS)[keyof OversightCounts]][]) {
        const [counted]: { n: number }[] = await tx.query(`select count(*)::int as n ${rows}`, [asker[of], id, from, until]);
        counts[name] = counted?.n ?? 0;
      }
      const [due]: { open: number; overdue: number }[] = await tx.query('select count(*)::int as open, count(*) filter (where due_at <= $2)::int as overdue from waybill.duty where owner = $1 and closed_at is null', [asker.agency, until]);
      const attestations = ownAttestations(agreement, row.entry, await attestedBy(tx, id, [asker.agency]), until);
      return {
        agreement: id, agency: asker.agency, from: from.toISOString(), until: until.toISOString(), counts: counts as OversightCounts, open: due?.open ?? 0, overdue: due?.overdue ?? 0,
        toAttest: attestations.filter(({ weight, state }) => weight === 'must' && state !== 'current').map(({ what }) => what),
      };
    });
  }
}
