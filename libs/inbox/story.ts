import type { Tx } from '#platform/database';

/** One thing that happened, and the evidence that there is for it. */
export interface Happened {
  at: Date;
  /** Code of the event, or of the statement. */
  what: string;
  detail?: string;
  /** Whose signature vouches for it, by which key. */
  signed?: { agency: string; fingerprint: string };
}

/** What became of a transfer, in the order in which it happened, as its recipient may be told. */
export async function storyOf(tx: Tx, transfer: string): Promise<Happened[]> {
  const [share]: { sender: string; signer: string; at: Date; route: string }[] = await tx.query(
    'select s.sender, s.signer, s.accepted_at as at, t.route from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share where t.id = $1', [transfer]);
  const events: { at: Date; kind: string; detail: string | null }[] = await tx.query('select at, kind, detail from waybill.event where transfer = $1 order by seq', [transfer]);
  const statements: { kind: string; agency: string; signer: string }[] = await tx.query('select kind, agency, signer from waybill.statement where transfer = $1', [transfer]);
  return events.map(({ at, kind, detail }) => {
    const statement = statements.find((each) => each.kind === kind);
    const signed = kind === 'accepted' && share ? { agency: share.sender, fingerprint: share.signer } : statement && { agency: statement.agency, fingerprint: statement.signer };
    return { at, what: kind, ...(detail ? { detail } : {}), ...(signed ? { signed } : {}) };
  });
}
