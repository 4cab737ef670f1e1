import { HOUR, MINUTE } from '#platform/clock';
import { uuid7 } from '#platform/ids';
import type { DutyTold } from '#protocol/duties';
import { notShared, record } from '../world/not-shared';
import type { TestPartner } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { expectProblem, REFERRAL, Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const dutiesOf = async (who: TestPartner, query = ''): Promise<DutyTold[]> => (await who.get(`/v1/duties?limit=100${query}`)).json.items as DutyTold[];
const about = async (who: TestPartner, transfer: string, query = ''): Promise<DutyTold[]> => (await dutiesOf(who, query)).filter((duty) => duty.transfer === transfer);
const close = (who: TestPartner, duty: string, closing: object) => who.ask('POST', `/v1/duties/${duty}/closing`, Buffer.from(JSON.stringify({ by: { agency: who.agency, contact: who.contact }, ...closing })), JSON_TYPE);

/** A share that its recipient cannot open: its sender has a duty. */
async function cannotOpen(): Promise<{ share: string; transfer: string; duty: DutyTold }> {
  const { share, receipt } = await scene.send();
  const { transfer } = await scene.arrived(scene.council, share.id);
  expect((await scene.council.state('returned', transfer, { share: share.id, manifestDigest: receipt.manifestDigest }, { reason: 'cannot-open' })).status).toBe(200);
  const [duty] = await about(scene.school, transfer);
  return { share: share.id, transfer, duty: duty as DutyTold };
}

describe('what lies unread', () => {
  test('of an emergency goes to the emergency duty team after a quarter of an hour, then to who answers for the agency, and to the co-ordinator last; each once', async () => {
    const { share } = await scene.send({ ...REFERRAL, manifest: { urgency: 'emergency' } });
    const { transfer } = await scene.arrived(scene.council, share.id);
    expect(await about(scene.council, transfer)).toEqual([expect.objectContaining({ kind: 'collect', role: 'owner', contact: 'front-door', other: 'st-brigid-primary', lane: 'emergency', reminders: 0, overdue: false, closings: [] })]);
    const stands: [number, string, string | undefined][] = [[15, 'emergency-duty', 'emergency-duty-team'], [30, 'spoc', 'information-governance'], [60, 'responsible-manager', 'information-governance'], [240, 'coordinator', undefined]];
    let passed = 0;
    for (const [minutes, role, contact] of stands) {
      scene.world.clock.advance((minutes - passed) * MINUTE + (passed === 0 ? MINUTE : 0));
      passed = minutes;
      const [duty] = await eventually(async () => {
        const found = await about(scene.council, transfer, `&role=${role}`);
        return found.length === 1 && found;
      });
      expect(duty?.contact).toBe(contact);
    }
    const reminders = await scene.entries('merebrook-council', { kind: 'reminder-sent', share: share.id });
    expect(reminders.map(({ to, number, escalatedTo }) => [number, to, escalatedTo])).toEqual([
      [1, 'emergency-duty-team', 'emergency-duty'], [2, 'information-governance', 'spoc'], [3, 'information-governance', 'responsible-manager'], [4, 'coordinator', 'coordinator']]);
    expect(await about(scene.council, transfer, '&role=owner')).toEqual([]);
  });

  test('where nobody holds the post stays with whom it fell to, who is reminded', async () => {
    const { share } = await scene.send({ parts: [{ category: 'names', text: 'x', to: { 'kingfisher-families/casework': 'works-with-person' } }], manifest: { urgency: 'urgent' } });
    const { transfer } = await scene.arrived(scene.charity, share.id);
    scene.world.clock.advance(HOUR + MINUTE);
    const [duty] = await eventually(async () => {
      const found = await about(scene.charity, transfer);
      return found[0]?.reminders === 1 && found;
    });
    expect(duty).toMatchObject({ role: 'owner', contact: 'casework', overdue: false });
  });
});

describe('a duty', () => {
  test('to share again is done by a share that supersedes the other, and says which', async () => {
    const { share, transfer, duty } = await cannotOpen();
    expect(duty).toMatchObject({ kind: 'cannot-open', role: 'owner', other: 'merebrook-council', closings: [expect.objectContaining({ because: 'shared-anew', shows: 'share' }), expect.anything(), expect.anything()] });
    const again = await scene.send({ ...REFERRAL, manifest: { threads: { supersedes: share } } });
    expect(await about(scene.school, transfer)).toEqual([]);
    expect(await scene.sql('select closed_because, shown_by from waybill.duty where id = $1', [duty.duty])).toEqual([{ closed_because: 'shared-anew', shown_by: again.share.id }]);
  });

  test('is closed by hand with what shows it, by somebody of the agency; the same again changes nothing, another does not stand', async () => {
    const { duty, transfer } = await cannotOpen();
    const decision = await notShared(scene.world, scene.school, { words: 'It is with the health visitor already.' });
    expect((await record(scene.school, decision)).status).toBe(201);
    const closing = { because: 'not-shared', shownBy: decision.id };
    const closed = await close(scene.school, duty.duty, closing);
    expect(closed).toMatchObject({ status: 200, json: { duty: duty.duty, because: 'not-shared' } });
    expect((await close(scene.school, duty.duty, closing)).json).toEqual(closed.json);
    expectProblem(await close(scene.school, duty.duty, { because: 'shared-anew', shownBy: decision.id }), 409, 'DUTY_CLOSED');
    expect(await about(scene.school, transfer)).toEqual([]);
    expect((await scene.entries('st-brigid-primary', { kind: 'duty-closed' })).filter((entry) => entry['duty'] === duty.duty)).toEqual([expect.objectContaining({ about: 'cannot-open', because: 'not-shared', shownBy: decision.id, by: 'safeguarding-lead', transfer })]);
    scene.world.clock.advance(4 * 24 * HOUR);
    await eventually(async () => (await scene.sql('select from waybill.duty where next_at <= $1 and closed_at is null', [scene.world.clock.now()])).length === 0);
    expect((await scene.entries('st-brigid-primary', { kind: 'reminder-sent' })).filter((entry) => entry['duty'] === duty.duty)).toEqual([]);
  });

  test.each<[string, object, number, string]>([
    ['with nothing that shows it', { because: 'shared-anew' }, 422, 'DUTY_NOT_SHOWN'],
    ['with a share that is nobody’s', { because: 'shared-anew', shownBy: uuid7() }, 422, 'DUTY_NOT_SHOWN'],
    ['with a word of no list', { because: 'never-mind' }, 422, 'DUTY_CLOSING_UNKNOWN'],
    ['with the name of what every object has', { because: 'constructor' }, 422, 'DUTY_CLOSING_UNKNOWN'],
    ['by somebody of another agency', { because: 'shared-anew', by: { agency: 'merebrook-council', contact: 'front-door' } }, 422, 'DUTY_CLOSING_UNKNOWN'],
    ['by nobody whom the directory has', { because: 'shared-anew', by: { agency: 'st-brigid-primary', contact: 'caretaker' } }, 422, 'DUTY_CLOSING_UNKNOWN'],
    ['with more than a closing has', { because: 'not-shared', note: 'words in clear' }, 422, 'DUTY_CLOSING_INVALID'],
  ])('is not closed %s', async (_what, closing, status, code) => {
    const { duty, transfer } = await cannotOpen();
    expectProblem(await close(scene.school, duty.duty, closing), status, code);
    expect(await about(scene.school, transfer)).toHaveLength(1);
  });

  test('is not closed with another agency’s decision, nor by another agency, and the other side does not find it in its list', async () => {
    const { duty, transfer, share } = await cannotOpen();
    const theirs = await notShared(scene.world, scene.charity, { words: 'no', fields: { parties: ['merebrook-council'] } });
    expect((await record(scene.charity, theirs)).status).toBe(201);
    expectProblem(await close(scene.school, duty.duty, { because: 'not-shared', shownBy: theirs.id }), 422, 'DUTY_NOT_SHOWN');
    expectProblem(await close(scene.council, duty.duty, { because: 'shared-anew', shownBy: share }), 404, 'NOT_FOUND');
    expect(await about(scene.council, transfer)).toEqual([]);
  });

  test('that only doing it closes is not closed by hand', async () => {
    const { share } = await scene.send();
    const { transfer } = await scene.arrived(scene.council, share.id);
    const [duty] = await about(scene.council, transfer);
    expectProblem(await close(scene.council, duty?.duty ?? '', { because: 'shared-anew', shownBy: share.id }), 422, 'DUTY_CLOSING_UNKNOWN');
  });
});

test('the list has every duty once, the soonest due first, page by page', async () => {
  const all = await dutiesOf(scene.council);
  expect(all.length).toBeGreaterThan(2);
  expect(all.map(({ dueAt }) => dueAt)).toEqual(all.map(({ dueAt }) => dueAt).sort());
  const paged: string[] = [];
  for (let after = ''; ; ) {
    const page = (await scene.council.get(`/v1/duties?limit=2${after}`)).json as { items: DutyTold[]; next?: string };
    paged.push(...page.items.map(({ duty }) => duty));
    if (!page.next) break;
    after = `&after=${page.next}`;
  }
  expect(paged).toEqual(all.map(({ duty }) => duty));
});
