import type { ShareTold } from '#protocol/answers';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import { Example, SECRET } from '../world/example';
import { eventually } from '../world/partnership';

// Each agreement's own example, sent for real: what its measures against loss come to at the gateway.

describe.each([...readTags().agreements])('%s', (tag, agreement) => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open(agreement);
  });
  afterAll(() => example.close());

  const sql = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => example.world.db.owner.query<T>(text, values).then(({ rows }) => rows);
  const entries = async (controller: string, kind: string, share: string) => (await sql<{ octets: Buffer }>('select octets from waybill.entry where controller = $1 order by id', [controller]))
    .map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>).filter((entry) => entry['kind'] === kind && entry['share'] === share);
  const told = async (share: string): Promise<ShareTold> => (await example.sender.get(`/v1/shares/${share}`)).json as ShareTold;

  test(`${tag} CH-13: what was accepted is committed, its digests stand in the sender’s register and in each recipient’s, and it arrives`, async () => {
    const { share, receipt } = await example.send();
    expect(receipt.struckOff).toEqual([]);
    const digestOf = new Map(share.lines.flatMap((text) => {
      const { recipient, part, digest } = JSON.parse(text) as { recipient: { agency: string; contact: string }; part?: string; digest?: string };
      return part && digest ? [[`${recipient.agency}/${recipient.contact} ${part}`, digest] as const] : [];
    }));
    const [sent] = await entries(receipt.register.log.split('/register/')[1] as string, 'share-sent', share.id);
    expect((sent as { parts: { digest: string }[] }).parts.map(({ digest }) => digest).sort()).toEqual([...new Set(digestOf.values())].sort());
    for (const { transfer, recipient, controller } of receipt.transfers) {
      const own = (await entries(controller.id, 'share-announced', share.id)).find((entry) => entry['transfer'] === transfer) as { parts: { name: string; digest: string }[] };
      expect(own.parts.map(({ name, digest }) => [name, digest])).toEqual([...digestOf].filter(([to]) => to.startsWith(`${recipient.agency}/${recipient.contact} `)).map(([to, digest]) => [to.split(' ')[1], digest]));
    }
    await eventually(async () => (await told(share.id)).transfers.every(({ state }) => state === 'available'));
    expect(JSON.stringify(await sql('select * from waybill.event'))).not.toContain(SECRET);
  });

  test(`${tag} CH-13: what cannot be delivered is set aside where its sender sees it, is not dropped, and goes on once it is mended`, async () => {
    await sql(`alter table waybill.outbox alter column due_at set default clock_timestamp() + interval '1 day'`);
    const { share, receipt } = await example.send();
    const transfer = receipt.transfers[0]?.transfer;
    const [line] = await sql<{ octets: string }>('select octets from waybill.line where transfer = $1 and seq = 0', [transfer]);
    await sql(`update waybill.line set octets = octets || ' ' where transfer = $1 and seq = 0`, [transfer]);
    await sql('alter table waybill.outbox alter column due_at set default clock_timestamp()');
    await sql('update waybill.outbox set due_at = clock_timestamp()');
    const event = await eventually(async () => (await told(share.id)).transfers.find((each) => each.transfer === transfer)?.events.find(({ kind }) => kind === 'set-aside'));
    expect(event.detail).toBe('digest-mismatch');
    await sql('update waybill.line set octets = $2 where transfer = $1 and seq = 0', [transfer, line?.octets]);
    await eventually(async () => (await sql('select from waybill.outbox where parked_reason is not null')).length === 1);
    await sql('update waybill.outbox set parked_reason = null, attempt = 0, due_at = clock_timestamp()');
    await eventually(async () => (await told(share.id)).transfers.every(({ state }) => state === 'available'));
  });
});
