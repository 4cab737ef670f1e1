import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HomeFile } from './home';
import { treeOf } from './share-arguments';
import { describeShare, parseShare } from './share-file';

const HOME = { agency: 'st-brigid-primary', contact: 'safeguarding-lead', role: 'headteacher', agreement: { id: 'example', version: '2.10' } } as HomeFile;
const SHARE = `
format: waybill-share/1
purpose: front-door-referral
handling: { doNotTellSubject: true }
subject: { reference: WQ-1, names: [Wilhelmina Quillfeather], born: 2015-02-01 }
parts:
  - { file: referral.txt, category: names, kind: fact }
recipients:
  - to: merebrook-council/front-door
    seesDecision: false
    parts: { part-1: { needToKnow: assesses-referral, justification: identifies-person } }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-share-'));
  writeFileSync(join(folder, 'referral.txt'), 'Name: …');
});
afterAll(() => rmSync(folder, { recursive: true }));

const described = (text: string) => describeShare(parseShare(text), folder, HOME);

test('a share file is read: what stands in it, what the home adds, and where its files are', () => {
  expect(described(SHARE)).toMatchObject({
    agreement: { id: 'example', version: '2.10' }, sender: { agency: 'st-brigid-primary', contact: 'safeguarding-lead', role: 'headteacher' }, urgency: 'routine', handling: { doNotTellSubject: true },
    subject: { reference: 'WQ-1', known: { names: ['Wilhelmina Quillfeather'], born: ['2015-02-01'] } },
    parts: [{ category: 'names', octets: { path: join(folder, 'referral.txt'), size: Buffer.byteLength('Name: …') } }],
    recipients: [{ agency: 'merebrook-council', contact: 'front-door', seesDecision: false, parts: { 'part-1': { needToKnow: 'assesses-referral', justification: 'identifies-person' } } }],
  });
});

test('a version stays the text that it is', () => {
  expect(described(`${SHARE}\nagreement: { id: example, version: 2.10 }`).agreement.version).toBe('2.10');
});

test.each<[string, (text: string) => string, RegExp]>([
  ['a format that is not its own', (text) => text.replace('share/1', 'share/2'), /format must be/],
  ['no YAML', () => 'a: [', /not YAML/],
  ['nothing', () => '', /holds nothing/],
  ['a field twice', (text) => `${text}\npurpose: other`, /not YAML: DUPLICATE_KEY/],
  ['a slip of the pen', (text) => text.replace('seesDecision', 'seesDescision'), /there is no field seesDescision/],
  ['no word on telling the person', (text) => text.replace(/handling.*/, ''), /handling.doNotTellSubject is missing/],
  ['no names to compare with', (text) => text.replace(/names: \[[^\]]*\],/, ''), /subject.names is missing/],
  ['a file that is not there', (text) => text.replace('referral.txt', 'wilhelmina.txt'), /parts 1: its file is not there/],
  ['file and text', (text) => text.replace('file: referral.txt', 'file: referral.txt, text: x'), /either file or text/],
  ['an address without a contact', (text) => text.replace('merebrook-council/front-door', 'merebrook-council'), /to must be agency\/contact/],
  ['a list of parts for a recipient', (text) => text.replace(/parts: \{ part-1.*/, 'parts: [part-1]'), /part-1: <need to know>/],
])('refuses a share file with %s', (_, change, says) => {
  expect(() => described(change(SHARE))).toThrow(says);
  expect(() => described(change(SHARE))).not.toThrow(/wilhelmina/i);
});

test('the options say the same as a file', () => {
  const tree = treeOf({
    purpose: 'front-door-referral', part: ['referral.txt:names:fact'], to: ['merebrook-council/front-door=part-1'], need: ['merebrook-council/front-door:part-1=assesses-referral'],
    reference: 'WQ-1', subjectName: ['Wilhelmina Quillfeather'], subjectBorn: ['2015-02-01'], doNotTell: true, consent: 'not-sought:puts-child-at-risk',
  });
  expect(describeShare(tree, folder, HOME)).toMatchObject({
    purpose: 'front-door-referral', consent: { status: 'not-sought', reason: 'puts-child-at-risk' }, handling: { doNotTellSubject: true },
    subject: { reference: 'WQ-1', known: { names: ['Wilhelmina Quillfeather'], born: ['2015-02-01'] } },
    parts: [{ category: 'names', kind: 'fact' }], recipients: [{ agency: 'merebrook-council', contact: 'front-door', parts: { 'part-1': { needToKnow: 'assesses-referral' } } }],
  });
  expect(() => treeOf({ part: ['x'], to: ['y'] })).toThrow(/--part is FILE:category.*|--do-not-tell/);
});
