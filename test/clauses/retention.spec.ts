import { DAY } from '#platform/clock';
import type { RetentionItem } from '#protocol/retention-answers';
import type { Answer } from '../world/partner';
import { Example } from '../world/example';
import { stateKept, takenIn } from '../world/matters';
import { eventually } from '../world/partnership';

// How long a recipient keeps what it acknowledged. Each agreement in its own words.

const codesOf = (answer: Answer): string[] => (answer.json.reasons as { code: string }[] | undefined)?.map(({ code }) => code) ?? [];
const day = (at: Date): string => at.toISOString().slice(0, 10);
const AGREEMENTS = { nwadcs: 'NWADCS', wirral: 'WIR', worcestershire: 'WOR', solihull: 'SOL', llr: 'LLR' } as const;

for (const [agreement, tag] of Object.entries(AGREEMENTS)) {
  describe(agreement, () => {
    let example: Example;
    beforeAll(async () => {
      example = await Example.open(agreement);
    });
    afterAll(() => example.close());

    /** A copy that its recipient has acknowledged. */
    const kept = async (changes: Record<string, unknown> = {}) => {
      const { share, receipt } = await example.send(changes);
      const recipient = example.world.partner(receipt.transfers[0]?.recipient.agency ?? '');
      const { transfer } = await takenIn(recipient, share, receipt.manifestDigest);
      return { recipient, transfer, told: async () => (await recipient.get(`/v1/retention/${transfer}`)).json as RetentionItem, say: (kind: string, fields: Record<string, unknown> = {}) => stateKept(example.world, recipient, transfer, kind, fields) };
    };
    const entries = async (agency: string, kind: string, transfer: string): Promise<Record<string, unknown>[]> => (await example.recordedBy(agency, kind)).filter((entry) => entry['transfer'] === transfer);
    const duties = async (transfer: string): Promise<string[]> => (await example.world.db.owner.query<{ kind: string }>('select kind from waybill.duty where transfer = $1 and closed_at is null order by kind', [transfer])).rows.map(({ kind }) => kind);

    const WHAT: Record<string, Partial<RetentionItem>> = {
      nwadcs: { what: 'notification', from: 'rescinded-or-closed' }, wirral: { what: 'case-data', from: 'received' }, worcestershire: { what: 'case-data', months: 180, from: 'case-closed' }, solihull: { what: 'shared-information', from: 'received' }, llr: { what: 'shared-information', from: 'received' },
    };
    test(`${tag} RT-01: from its acknowledgement on every copy has a rule, and either a day on which its time is over or the event that starts it; nobody else sees it`, async () => {
      const { recipient, transfer, told } = await kept();
      expect(await told()).toMatchObject({ transfer, ...WHAT[agreement], reviewOn: expect.any(String) });
      expect(((await recipient.get('/v1/retention')).json as { items: RetentionItem[] }).items.map((item) => item.transfer)).toContain(transfer);
      expect((await example.sender.get(`/v1/retention/${transfer}`)).status).toBe(404);
      const { rows } = await example.world.db.owner.query(`select from waybill.transfer t where state = 'acknowledged' and not exists (select from waybill.retention r where r.transfer = t.id and r.agency = t.recipient)`);
      expect(rows).toEqual([]);
    });

    if (agreement === 'nwadcs' || agreement === 'worcestershire') {
      test(`${tag} RT-14: the gateway is no store: once a copy is acknowledged no octet of it is left here, which is on record; what is never collected goes at its longest time`, async () => {
        const { recipient, transfer } = await kept();
        const left = async (id: string) => (await example.world.db.owner.query('select from waybill.wrapped_key where transfer = $1 union all select from waybill.line where transfer = $1', [id])).rows.length;
        await eventually(async () => (await left(transfer)) === 0);
        for (const agency of [recipient.agency, example.sender.agency]) expect(await entries(agency, 'payload-removed', transfer)).toHaveLength(1);
        const { receipt } = await example.send();
        const waiting = receipt.transfers[0]?.transfer ?? '';
        expect(await left(waiting)).toBeGreaterThan(0);
        example.world.clock.advance(29 * DAY);
        await eventually(async () => (await left(waiting)) === 0);
      });
    }

    if (agreement !== 'solihull') {
      test(`${tag} RT-02: ${agreement === 'worcestershire' ? 'the recipient’s own policy fills what the agreement leaves open, and does not stretch what it says' : 'the recipient’s own policy says how long its copy is kept'}`, async () => {
        const { told, say } = await kept();
        const ruled = await say('ruled', { months: 24 });
        if (agreement === 'worcestershire') {
          expect(codesOf(ruled)).toEqual(['RULE_OF_THE_AGREEMENT']);
          expect(await told()).toMatchObject({ months: 180 });
          return;
        }
        expect([ruled.status, ruled.body.toString()]).toEqual([200, ruled.body.toString()]);
        expect(codesOf(await say('ruled', {}))).toEqual(['RULE_SAYS_NOTHING']);
        expect(await told()).toMatchObject({ months: 24 });
      });
    }

    if (agreement === 'wirral') {
      test('WIR RT-03: what has served its purpose is disposed of, and that it is gone stands in the register of whoever shared it', async () => {
        const { recipient, transfer, say } = await kept();
        const today = day(example.world.clock.now());
        expect((await say('ruled', { months: 0, event: 'purpose-served' })).status).toBe(200);
        expect((await say('started', { event: 'purpose-served', on: today })).json).toMatchObject({ dueOn: today });
        example.world.clock.advance(60_000);
        await eventually(async () => (await duties(transfer)).includes('dispose-copy'));
        expect((await say('disposed', { method: 'electronic-shredding', on: today })).json).toMatchObject({ disposedAt: expect.any(String) });
        expect(await duties(transfer)).not.toContain('dispose-copy');
        expect(await entries(example.sender.agency, 'copy-disposed', transfer)).toEqual([expect.objectContaining({ by: recipient.agency, method: 'electronic-shredding', on: today })]);
      });

      test('WIR RT-04: without an end it is kept only with a reason and with a review in regular intervals, which falls due as a duty', async () => {
        const { transfer, told, say } = await kept();
        expect(codesOf(await say('ruled', { indefinite: true }))).toEqual(['INDEFINITE_WITHOUT_REVIEW']);
        expect(codesOf(await say('ruled', { indefinite: true, reason: 'ongoing-risk' }))).toEqual(['INDEFINITE_WITHOUT_REVIEW']);
        expect((await say('ruled', { indefinite: true, reason: 'ongoing-risk', reviewMonths: 6 })).status).toBe(200);
        expect(await told()).toMatchObject({ indefinite: true });
        expect(await told()).not.toHaveProperty('dueOn');
        example.world.clock.advance(200 * DAY);
        await eventually(async () => (await duties(transfer)).includes('still-justified'));
        expect((await say('justified', { reason: 'risk-remains' })).status).toBe(200);
        expect(await duties(transfer)).not.toContain('still-justified');
      });
    }

    if (agreement === 'llr') {
      test('LLR RT-05: whoever holds a copy on is asked in regular intervals, a year where it says nothing, whether that is still justified, and says why or disposes of it', async () => {
        const { recipient, transfer, told, say } = await kept();
        expect(Date.parse((await told()).reviewOn) - example.world.clock.now().getTime()).toBeGreaterThan(363 * DAY);
        expect((await say('ruled', { months: 72, reviewMonths: 1 })).status).toBe(200);
        example.world.clock.advance(32 * DAY);
        await eventually(async () => (await duties(transfer)).includes('still-justified'));
        expect(codesOf(await say('justified', {}))).toEqual(['RETENTION_INCOMPLETE']);
        expect((await say('justified', { reason: 'still-working-with' })).status).toBe(200);
        expect(await entries(recipient.agency, 'retention-stated', transfer)).toContainEqual(expect.objectContaining({ stated: 'justified', reason: 'still-working-with' }));
        expect(await duties(transfer)).not.toContain('still-justified');
        example.world.clock.advance(32 * DAY);
        await eventually(async () => (await duties(transfer)).includes('still-justified'));
      });

      test('LLR RT-15: what may be evidence is not disposed of until the hold is lifted', async () => {
        const { recipient, transfer, say } = await kept();
        const today = day(example.world.clock.now());
        expect((await say('ruled', { months: 0 })).json).toMatchObject({ dueOn: today });
        expect((await say('held', { reason: 'evidence-police' })).status).toBe(200);
        expect(codesOf(await say('disposed', { method: 'media-destroyed', on: today }))).toEqual(['DISPOSAL_HELD']);
        example.world.clock.advance(2 * DAY);
        const other = await kept();
        await other.say('ruled', { months: 0 });
        example.world.clock.advance(60_000);
        await eventually(async () => (await duties(other.transfer)).includes('dispose-copy'));
        expect(await duties(transfer)).not.toContain('dispose-copy');
        expect((await say('lifted')).status).toBe(200);
        example.world.clock.advance(60_000);
        await eventually(async () => (await duties(transfer)).includes('dispose-copy'));
        expect((await say('disposed', { method: 'media-destroyed', on: today })).status).toBe(200);
        expect(codesOf(await say('justified', { reason: 'legal-claim' }))).toEqual(['DISPOSED_ALREADY']);
        expect((await entries(recipient.agency, 'retention-stated', transfer)).map((entry) => entry['stated'])).toEqual(['ruled', 'held', 'lifted', 'disposed']);
      });
    }

    if (agreement === 'worcestershire') {
      test('WOR RT-06: children’s and families’ details are kept fifteen years from when the case was closed, then deleted; until it is closed no time runs', async () => {
        const { transfer, told, say } = await kept();
        expect(await told()).not.toHaveProperty('dueOn');
        expect(codesOf(await say('started', { event: 'course-ended', on: '2026-01-31' }))).toEqual(['EVENT_OF_ANOTHER_RULE']);
        expect(codesOf(await say('started', { event: 'case-closed', on: '2099-01-31' }))).toEqual(['NOT_YET']);
        expect((await say('started', { event: 'case-closed', on: '2026-01-31' })).json).toMatchObject({ startedOn: '2026-01-31', dueOn: '2041-01-31' });
        expect(await duties(transfer)).not.toContain('dispose-copy');
      });

      test.each([
        ['RT-07', 'training-completion', 24, 'course-ended'], ['RT-07', 'training-registers', 24, 'course-ended'], ['RT-07', 'training-electronic-record', 36, 'course-ended'],
        ['RT-08', 'unsuccessful-contractors', 0, 'procurement-completed'], ['RT-08', 'contractor-contacts', 0, 'contract-ended'], ['RT-08', 'contract-files', 72, 'contract-ended'],
        ['RT-09', 'unsuccessful-applicants', 0, 'recruitment-completed'], ['RT-09', 'successful-applicants', 0, 'contract-issued'],
      ])('WOR %s: %s are kept %i months from %s', async (_row, what, months, event) => {
        const { say } = await kept();
        expect((await say('ruled', { what })).json).toMatchObject({ what, months, from: event });
        expect(codesOf(await say('ruled', { what, months: 120 }))).toEqual(['RULE_OF_THE_AGREEMENT']);
        const { dueOn } = (await say('started', { event, on: '2026-02-28' })).json as RetentionItem;
        expect(dueOn).toBe(`${2026 + months / 12}-02-28`);
      });
    }

    if (agreement === 'nwadcs') {
      test('NWADCS RT-11: a notification’s time runs from when it was rescinded or closed only, for as long as the host authority’s schedule says; its disposal is on record', async () => {
        const { recipient, transfer, told, say } = await kept();
        expect(codesOf(await say('ruled', { months: 72, event: 'received' }))).toEqual(['EVENT_OF_ANOTHER_RULE']);
        expect((await say('ruled', { months: 72 })).status).toBe(200);
        expect(await told()).not.toHaveProperty('dueOn');
        expect((await say('started', { event: 'rescinded-or-closed', on: '2026-03-31' })).json).toMatchObject({ dueOn: '2032-03-31' });
        expect((await say('disposed', { method: 'electronic-shredding', on: '2026-03-31' })).status).toBe(200);
        expect(await entries(recipient.agency, 'retention-stated', transfer)).toContainEqual(expect.objectContaining({ stated: 'disposed', method: 'electronic-shredding' }));
      });
    }

    if (agreement === 'worcestershire' || agreement === 'llr') {
      test(`${tag} RT-12: a disposal certificate says what was destroyed, in which of the ways that the agreement names, by whom and when`, async () => {
        const { recipient, transfer, say } = await kept();
        const today = day(example.world.clock.now());
        const [right, wrong] = agreement === 'llr' ? ['paper-shredded', 'secure-recycling'] : ['cross-cut-shredding', 'paper-shredded'];
        expect(codesOf(await say('disposed', { on: today }))).toEqual(['RETENTION_INCOMPLETE']);
        expect(codesOf(await say('disposed', { method: wrong, on: today }))).toEqual(['METHOD_NOT_OF_THE_AGREEMENT']);
        expect((await say('disposed', { method: right, on: today })).status).toBe(200);
        expect(await entries(recipient.agency, 'retention-stated', transfer)).toContainEqual(expect.objectContaining({ stated: 'disposed', method: right, on: today, by: recipient.agency, contact: recipient.contact, role: 'data-protection-officer', statement: expect.any(String) }));
      });
    }
  });
}
