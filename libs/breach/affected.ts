import { actingAs, type Asker, type Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';

/** Whose information is affected, and who received it, as the registers of those who had it say. */
export interface Affected {
  shares: { share: string; agency: string }[];
  owners: string[];
  recipients: string[];
}

interface Row {
  id: string;
  sender: string;
  previous: string | null;
  recipients: string[];
}

/** How often something was passed on before anybody looks no further back. */
const PASSED_ON_MOST = 8;

/**
 * From shares to agencies (BR-02): who provided it, and before that whoever it was passed on from; who received it, and to whom those passed it on. Each
 * agency's rows are read as that agency, within the transaction in which it is told. @throws Refusal BREACH_SHARE_UNKNOWN
 */
export async function affectedBy(tx: Tx, asker: Asker, shares: readonly string[]): Promise<Affected> {
  const rows = await sharesOf(tx, shares);
  const unknown = shares.findIndex((share) => !rows.some(({ id }) => id === share));
  if (unknown !== -1) throw new Refusal({ code: 'BREACH_SHARE_UNKNOWN', pointer: `/shares/${unknown}` });
  const owners = new Set<string>();
  const recipients = new Set<string>();
  for (const row of rows) {
    owners.add(await originOf(tx, row, asker.agency));
    for (const recipient of row.recipients) {
      recipients.add(recipient);
      for (const onward of await actingAs(tx, recipient, () => passedOn(tx, recipient, row.id), { instead: asker.agency })) recipients.add(onward);
    }
  }
  for (const owner of owners) recipients.delete(owner);
  return { shares: rows.map(({ id, sender }) => ({ share: id, agency: sender })), owners: [...owners].sort(), recipients: [...recipients].sort() };
}

const sharesOf = (tx: Tx, shares: readonly string[]): Promise<Row[]> =>
  tx.query(`select s.id, s.sender, s.previous, array(select distinct t.recipient from waybill.transfer t where t.sender = s.sender and t.share = s.id) as recipients from waybill.share s where s.id = any($1) order by s.id`, [shares]);

/** Whoever shared it first: what was passed on belongs to whom it came from. @param instead whose the transaction is */
export async function originOf(tx: Tx, row: Row, instead: string): Promise<string> {
  let [at, back] = [row, 0];
  while (at.previous !== null && back++ < PASSED_ON_MOST) {
    const { sender, previous } = at;
    const [before] = await actingAs(tx, sender, () => sharesOf(tx, [previous as string]), { instead });
    if (!before) break;
    at = before;
  }
  return at.sender;
}

async function passedOn(tx: Tx, by: string, share: string): Promise<string[]> {
  const rows: { recipient: string }[] = await tx.query('select distinct t.recipient from waybill.share s join waybill.transfer t on t.sender = s.sender and t.share = s.id where s.previous = $1 and s.sender = $2', [share, by]);
  return rows.map(({ recipient }) => recipient);
}
