import { request } from 'node:https';
import { open } from '#client/mailbox';
import { send } from '#client/sharing';
import { acknowledge } from '#client/statements';
import { referenceOf } from '#inbox/item';
import { PEOPLE } from '../staff';
import { arrived } from './sharing';
import { note, show, type Stage } from './stage';

/** The worker of the front door who is on duty. */
export const DUTY_WORKER = PEOPLE[0] as (typeof PEOPLE)[number];

/** (h) The duty worker signs in to the console, as a browser would, and finds the emergency on top of the list. */
export async function listing(stage: Stage): Promise<void> {
  const { sandbox, school, council, say } = stage;
  const { console } = sandbox.system;
  if (!console) throw new Error('the sandbox has no console');
  const sent: string[] = [];
  for (const [urgency, text] of [['routine', 'Was late twice.'], ['emergency', 'Has not come home; somebody was seen to follow.'], ['urgent', 'Came with a bruise.']] as const) sent.push((await send(school, note(stage, urgency, text))).share);
  const items = [];
  for (const share of sent) items.push(await arrived(council, share));
  const [routine, emergency, urgent] = items.map(({ transfer }) => referenceOf('transfer', transfer));
  const page = await signedIn(`${console.origin}/sign-in`, DUTY_WORKER.staff, sandbox.system.keys.authority.certificate);
  const listed = [...page.matchAll(/class="wb-item__title"><a [^>]*>([^<]+)</g)].map(([, title = '']) => title.split(' ')[1]);
  show(listed.filter((each) => [routine, emergency, urgent].includes(each)).join() === [emergency, urgent, routine].join() && listed[0] === emergency, 'the emergency stands on top of the list');
  show(page.includes('ring 999 first') && page.includes(DUTY_WORKER.name), 'the list says 999 first, and whose it is');
  say(`  ${DUTY_WORKER.name}, on duty at the front door, signs in at the identity provider and sees: ${listed.slice(0, 3).join(', ')}. Sent second, the emergency`);
  say(`  (${emergency}) stands first, and above it "Emergency: ring 999 first". Of the contents the console holds not an octet.`);
  for (const { transfer } of items) await acknowledge(council, (await open(council, transfer)).copy);
}

interface Answer {
  status: number;
  location?: string;
  body: string;
}

/** From the first click to the page behind it: through the identity provider, with its cookies and ours. @returns the page */
export async function signedIn(from: string, staff: string, ca: string): Promise<string> {
  const cookies = new Map<string, string>();
  const ask = (url: string, form?: Record<string, string>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const asked = request(url, { method: form ? 'POST' : 'GET', ca, headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) } }, (answer) => {
        for (const cookie of answer.headers['set-cookie'] ?? []) {
          const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/);
          if (value) cookies.set(name, value);
          else cookies.delete(name);
        }
        let body = '';
        const { location } = answer.headers;
        answer.setEncoding('utf8').on('data', (piece: string) => (body += piece)).on('end', () => resolve({ status: answer.statusCode ?? 0, body, ...(location ? { location: new URL(location, url).href } : {}) }));
      });
      asked.on('error', reject);
      asked.end(form && new URLSearchParams(form).toString());
    });
  let [at, form]: [string, Record<string, string> | undefined] = [from, undefined];
  for (let steps = 0; steps < 12; steps++) {
    const answer = await ask(at, form);
    if (answer.location) [at, form] = [answer.location, undefined];
    else if (answer.status === 200 && answer.body.includes('Whom do you want to be?')) form = { subject: staff, factor: 'one' };
    else return answer.body;
  }
  throw new Error('the sign-in goes round and round');
}
