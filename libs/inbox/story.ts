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
  const asked: Happened[] = await askedOf(tx, transfer);
  const happened = events.map(({ at, kind, detail }) => {
    const statement = statements.find((each) => each.kind === kind);
    const signed = kind === 'accepted' && share ? { agency: share.sender, fingerprint: share.signer } : statement && { agency: statement.agency, fingerprint: statement.signer };
    return { at, what: kind, ...(detail ? { detail } : {}), ...(signed ? { signed } : {}) };
  });
  return [...happened, ...asked].sort((one, other) => one.at.getTime() - other.at.getTime());
}

/** What was stated and answered of an information request, which is the transfer in which it was put. */
async function askedOf(tx: Tx, request: string): Promise<Happened[]> {
  const stated: { at: Date; kind: string; agency: string; signer: string; outcome: string | null }[] = await tx.query(
    `select at, kind, agency, signer, convert_from(octets, 'UTF8')::jsonb ->> 'outcome' as outcome from waybill.request_statement where request = $1 order by at, id`, [request]);
  const answers: { at: Date; category: string; answer: string }[] = await tx.query('select at, category, answer from waybill.request_answer where request = $1 order by at, category', [request]);
  return [
    ...stated.map(({ at, kind, agency, signer, outcome }) => ({ at, what: `request-${kind}`, ...(outcome ? { detail: outcome.replaceAll('-', ' ') } : {}), signed: { agency, fingerprint: signer } })),
    ...answers.map(({ at, category, answer }) => ({ at, what: 'request-answer', detail: `${category.replaceAll('-', ' ')}: ${answer.replaceAll('-', ' ')}` })),
  ];
}
