import type { Staff } from '#directory/staff';
import { sightOf } from '#directory/staff-roles';
import { DAY } from '#platform/clock';
import type { Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import type { Receipt } from '#protocol/answers';
import { GRAMMAR } from '#protocol/grammar';
import type { Manifest } from '#protocol/manifest';
import { readManifest } from '#protocol/read';
import { type Happened, storyOf } from './story';

/** For how long what was sent stands on the list; what is older stands in the register. */
export const SENT_KEPT_DAYS = 90;

/** A share, or an information request, that the agency itself sent: codes, and what became of it at each recipient. */
export interface SentShare {
  id: string;
  /** What people say to each other when they mean it. */
  reference: string;
  urgency: string;
  acceptedAt: Date;
  manifest: Manifest | undefined;
  transfers: SentTransfer[];
}

export interface SentTransfer {
  id: string;
  agency: string;
  name: string;
  contact: string;
  label: string;
  state: string;
  route: 'mailbox' | 'mail';
}

/** The same with its evidence. */
export interface SentTold extends SentShare {
  signer: string;
  manifestDigest: string;
  receipt: Receipt;
  stories: ReadonlyMap<string, Happened[]>;
}

interface Row {
  id: string;
  urgency: string;
  accepted_at: Date;
  manifest: Buffer;
  signer: string;
  manifest_digest: string;
  receipt: string;
}

const OWN = `select id, urgency, accepted_at, manifest, signer, manifest_digest, receipt from waybill.share
  where sender = $1 and ($2::text[] is null or convert_from(manifest, 'UTF8')::jsonb #>> '{sender,contact}' = any($2))`;

/** Teams whose shares somebody sees; null: all of the agency's. */
const teamsOf = ({ roles, contacts }: Staff): readonly string[] | null => (sightOf(roles) === 'agency' ? null : contacts);

/** What the agency sent lately, the newest first: of its own teams, or of all where a role sees all. @throws Refusal QUERY_INVALID */
export async function sentBy(tx: Tx, staff: Staff, { after, limit, at }: { after?: string; limit: number; at: Date }): Promise<{ items: SentShare[]; next?: string }> {
  if (sightOf(staff.roles) === 'none') return { items: [] };
  const [before, id] = after === undefined ? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] : placeOf(after);
  const rows: Row[] = await tx.query(`${OWN} and accepted_at > $3 and (accepted_at, id) < ($4::timestamptz, $5::uuid) order by accepted_at desc, id desc limit $6`, [staff.agency, teamsOf(staff), new Date(at.getTime() - SENT_KEPT_DAYS * DAY), before, id, limit + 1]);
  const transfers = await transfersOf(tx, staff, rows.map((row) => row.id));
  return pageOf(rows, limit, (row) => shareOf(row, transfers), (row) => Buffer.from(`${row.accepted_at.toISOString()}_${row.id}`).toString('base64url'));
}

/** One of them with what became of it, and what vouches for that. @throws Refusal NOT_FOUND for what another agency or team sent, whether it exists or not */
export async function sentShare(tx: Tx, staff: Staff, id: string): Promise<SentTold> {
  const [row]: Row[] = GRAMMAR.uuid.test(id) && sightOf(staff.roles) !== 'none' ? await tx.query(`${OWN} and id = $3`, [staff.agency, teamsOf(staff), id]) : [];
  if (!row) throw new Refusal({ code: 'NOT_FOUND' });
  const share = shareOf(row, await transfersOf(tx, staff, [id]));
  const stories = new Map<string, Happened[]>();
  for (const transfer of share.transfers) stories.set(transfer.id, await storyOf(tx, transfer.id));
  return { ...share, signer: row.signer, manifestDigest: row.manifest_digest, receipt: JSON.parse(row.receipt) as Receipt, stories };
}

const transfersOf = (tx: Tx, staff: Staff, shares: readonly string[]): Promise<(SentTransfer & { share: string })[]> => tx.query(
  `select t.share, t.id, t.recipient as agency, a.name, t.contact, coalesce(c.label, t.contact) as label, t.state, t.route from waybill.transfer t join waybill.agency a on a.id = t.recipient
   left join waybill.contact c on c.agency = t.recipient and c.id = t.contact where t.sender = $1 and t.share = any($2) order by a.name, t.contact`, [staff.agency, shares]);

function shareOf({ id, urgency, accepted_at, manifest }: Row, transfers: readonly (SentTransfer & { share: string })[]): SentShare {
  const reading = readManifest(manifest);
  const signed = reading.ok ? reading.value : undefined;
  return { id, reference: `${signed?.asks ? 'R' : 'S'}-${id.slice(-8).toUpperCase()}`, urgency, acceptedAt: accepted_at, manifest: signed, transfers: transfers.filter(({ share }) => share === id) };
}

/** @throws Refusal QUERY_INVALID */
function placeOf(after: string): [string, string] {
  const [at = '', id = ''] = Buffer.from(after, 'base64url').toString('latin1').split('_');
  if (!GRAMMAR.instant.test(at) || !GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/after' });
  return [at, id];
}
