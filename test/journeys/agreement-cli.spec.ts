import { day } from '#platform/clock';
import { COUNCIL, SCHOOL } from '../../apps/standalone/cast';
import { lookedAfter } from '../world/agreements';
import { Joining } from '../world/enrolment';

// How an agreement stands, its review and its report, and a meeting under it: by command, as parties and co-ordinators work.

let joining: Joining;
beforeAll(async () => {
  joining = await Joining.open({});
  for (const plan of [COUNCIL, SCHOOL]) expect(await joining.join(plan)).toMatchObject({ exit: 0, err: '' });
});
afterAll(() => joining?.close());

const council = (...args: string[]) => joining.at('merebrook-council', ...args);
const today = () => day(joining.world.clock.now());

test('a review that is overdue is shown, done and counted on from; the report is printed, and a wrong word or file is told of', async () => {
  expect(await council('agreements', 'list')).toMatchObject({ exit: 0, out: expect.stringMatching(/wirral .*review overdue 2021-07-01: its review is overdue since the day named/) });
  await lookedAfter(joining.world);
  expect((await council('duties', 'list')).out).toMatch(/review-agreement: an agreement is to be reviewed/);
  expect((await council('agreements', 'review', 'wirral', '--on', today(), '--outcome', 'fine', '--role', 'coordinator')).err).toMatch(/AGREEMENT_CODE_UNKNOWN/);
  expect(await council('agreements', 'review', 'wirral', '--on', today(), '--outcome', 'in-order', '--role', 'statutory-safeguarding-partner')).toMatchObject({ exit: 0, err: '', out: expect.stringMatching(/Reviewed\..*\n.*review scheduled/) });
  expect((await council('duties', 'list')).out).not.toMatch(/review-agreement/);
  expect(await council('agreements', 'law-changed', 'wirral', '--on', today(), '--role', 'coordinator')).toMatchObject({ exit: 0 });
  expect((await council('agreements', 'show', 'wirral')).out).toMatch(/in force since .*\n.*merebrook-council: reviewed/);
  for (const [file, begins] of [['report.pdf', '%PDF-1.4'], ['report.html', '<!doctype html>'], ['report.csv', 'measure,code']] as const) {
    expect(await council('agreements', 'report', 'wirral', file)).toMatchObject({ exit: 0, err: '' });
    expect(joining.file(file).toString().slice(0, begins.length)).toBe(begins);
  }
  expect((await council('agreements', 'report', 'wirral', 'report.docx')).err).toMatch(/is none of \.pdf, \.html, \.csv/);
  expect((await council('agreements', 'approve', 'wirral', '--version', 'next', '--digest', 'ab'.repeat(32), '--role', 'signatory')).err).toMatch(/VERSION_NOT_WAITING/);
});

test('a meeting is called, signed in and shown', async () => {
  const called = await council('meeting', 'call', 'wirral', '2020-07', '--kind', 'case-meeting', '--chair', 'merebrook-council/front-door', '--on', today(), '--invite', 'st-brigid-primary/safeguarding-lead=holds-information', '--role', 'coordinator', '--json');
  expect(called).toMatchObject({ exit: 0, err: '' });
  const { meeting } = called.json as { meeting: string };
  joining.write('me.txt', 'a name and a number');
  expect(await joining.at('st-brigid-primary', 'meeting', 'state', meeting, 'signed-in', '--role', 'headteacher', '--details', 'shared', '--words', 'me.txt')).toMatchObject({ exit: 0, err: '', out: expect.stringMatching(/holds-information {2}signed/) });
  expect((await council('meeting', 'list')).out).toContain(`${meeting}  ${today()}  wirral: case-meeting`);
  expect((await council('meeting', 'show', meeting)).out).toMatch(/st-brigid-primary: signed-in/);
  expect((await council('meeting', 'state', meeting, 'adjourned', '--role', 'coordinator')).err).toMatch(/the kind must be one of/);
});
