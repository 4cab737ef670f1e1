import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandbox, type Sandbox } from '../sandbox';
import { PEOPLE } from '../staff';
import { STAFF_ROLES } from '#directory/staff-roles';
import { reporting } from './reporting';
import { disputing } from './disputing';
import { DUTY_WORKER, listing } from './listing';
import { proving, searching } from './proving';
import { acknowledging, opening, overtaking, sharing, tampering } from './sharing';
import { enter, type Stage, StepFailed } from './stage';

const { values: options } = parseArgs({
  options: {
    /** Show it and stop. */
    once: { type: 'boolean', default: false },
    folder: { type: 'string', default: join('.waybill', 'demo') },
    /** 0: any free one. */
    port: { type: 'string', default: '8443' },
  },
});
const FOLDER = resolve(options.folder);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run demo`: the main job, in sentences, with a partnership that does not exist. `--once`: and then stop. */
async function main(): Promise<void> {
  say('WAYBILL, a demonstration. Every person and agency here is made up. Never use real case data here.');
  say('Not endorsed by any safeguarding partnership, police force, council or health body.');
  say('');
  const sandbox = await startSandbox({ folder: FOLDER, agreements: join(process.cwd(), 'deploy', 'agreements'), port: Number(options.port), progress: (says) => say(`… ${says}`) });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= sandbox.stop());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().then(() => process.exit(0)));
  try {
    await play(await enter(sandbox, say));
  } catch (error) {
    say('');
    say(`FAILED: ${error instanceof StepFailed ? `it was to be shown that ${error.message}` : String(error instanceof Error ? (error.stack ?? error.message) : error)}`);
    await stop();
    process.exit(1);
  }
  if (options.once) {
    await stop();
    process.exit(0);
  }
  tellNext(sandbox);
}

async function play(stage: Stage): Promise<void> {
  const title = (letter: string, text: string): void => {
    say('');
    say(`(${letter}) ${text}`);
  };
  say('');
  say(`The agreement is "${stage.sandbox.agreement.terms['agreement.title'].value}", read from deploy/agreements; the gateway is ${stage.sandbox.system.origin}.`);
  title('a', 'A primary school shares three parts about a child with the Integrated Front Door and a voluntary organisation.');
  const sent = await sharing(stage);
  title('b', 'Who can open what, and why not.');
  await opening(stage, sent);
  title('c', 'An emergency overtakes ten routine items.');
  await overtaking(stage);
  title('d', 'The front door collects, opens, verifies and acknowledges.');
  await acknowledging(stage, sent);
  title('e', "A search for the child's name in all that was written.");
  await searching(stage);
  title('f', 'Both registers, checked by a verifier that shares no code with the gateway; and one altered row, located.');
  const { absent } = await proving(stage, FOLDER);
  title('g', 'A copy that was tampered with.');
  await tampering(stage);
  title('h', 'The duty worker of the front door signs in to the console.');
  await listing(stage);
  await disputing(stage);
  title('i', 'A wrong recipient is reported; whoever it belongs to is told, and its hours run.');
  await reporting(stage);
  say('');
  if (absent) {
    say(`NOT SHOWN: the stand-alone verifier, for ${absent} is absent on this machine. What (f) showed, the SDK's own verifier checked. Install ${absent} and run this again.`);
    say('8 of 9 steps shown in full, 1 without its stand-alone verifier.');
  } else say('9 of 9 steps shown.');
}

function tellNext(sandbox: Sandbox): void {
  const sample = join(FOLDER, 'sample');
  mkdirSync(sample, { recursive: true });
  writeFileSync(join(sample, 'concern.txt'), 'Robin Example, of nowhere, was late three times this week.\n');
  writeFileSync(join(sample, 'share.yaml'), SAMPLE);
  const shareFile = join(options.folder, 'sample', 'share.yaml');
  const home = (agency: string): string => join(options.folder, 'partners', agency);
  say('');
  say(`The sandbox stays up at ${sandbox.system.origin} until you press Ctrl-C. In another terminal, paste:`);
  say('');
  say(`  export SCHOOL=${home('st-brigid-primary')} COUNCIL=${home('merebrook-council')}`);
  say(`  npm run -s waybill -- send ${shareFile} --dry-run --home $SCHOOL`);
  say(`  npm run -s waybill -- send ${shareFile} --home $SCHOOL`);
  say('  npm run -s waybill -- mailbox --home $COUNCIL');
  say(`  npm run -s waybill -- open <transfer> --into ${join(options.folder, 'opened')} --home $COUNCIL`);
  say('  npm run -s waybill -- ack <transfer> --home $COUNCIL');
  say('  npm run -s waybill -- register verify --home $COUNCIL');
  say('');
  say(`The console is at ${sandbox.system.console?.origin}. A browser warns of its certificate, which is the sandbox's own. Nobody types a password; sign in as`);
  for (const { staff, name, roles, agency } of PEOPLE.filter(({ agency }) => agency === 'merebrook-council')) say(`  ${staff}  ${name}, ${roles.map((role) => STAFF_ROLES[role].says).join(', ')}, ${agency}${staff === DUTY_WORKER.staff ? '  <- on duty; begin with this one' : ''}`);
}

const SAMPLE = `# A made-up share, to try: npm run -s waybill -- send share.yaml --home …
format: waybill-share/1
purpose: front-door-referral
lawfulBasis: 6(1)(e)
conditions: [9(2)(g), sch1-18]
legalGateway: children-act-2004-s11
classification: OFFICIAL-SENSITIVE
urgency: routine
consent: { status: not-sought, reason: puts-child-at-risk }
informed: { status: not-informed, reason: puts-child-at-risk }
subjects: [children]
accuracy: { on: 2026-01-05, by: designated-safeguarding-lead }
thirdParties: { identifiable: false }
handling: { doNotTellSubject: true }
subject: { reference: RE-0001, band: under-16, names: [Robin Example], born: [2016-02-03] }
decision:
  by: safeguarding-lead
  role: designated-safeguarding-lead
  reasons: [protects-from-harm]
  aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true }
  safetyConsidered: true
  necessary: true
  risk: high
  checklist: [how-much, fact-or-opinion, right-person, securely, openly]
parts:
  - { file: concern.txt, category: contacts-with-service, kind: fact, source: own-record }
recipients:
  - { to: merebrook-council/front-door, parts: { part-1: assesses-referral } }
`;

main().catch((error: unknown) => {
  say(`FAILED to start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
